import { onTestFinished } from 'vitest';

/** What is thrown where nobody catches it, until the test is over; Vitest's own listener would fail the test. */
export function collectUncaught(): readonly unknown[] {
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  const errors = process.listeners('uncaughtException');
  const rejections = process.listeners('unhandledRejection');
  process.removeAllListeners('uncaughtException').on('uncaughtException', note);
  process.removeAllListeners('unhandledRejection').on('unhandledRejection', note);
  onTestFinished(() => {
    process.off('uncaughtException', note);
    process.off('unhandledRejection', note);
    for (const listener of errors) process.on('uncaughtException', listener);
    for (const listener of rejections) process.on('unhandledRejection', listener);
  });
  return uncaught;
}

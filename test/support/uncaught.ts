import { onTestFinished } from 'vitest';

/** What is thrown where nobody catches it, until the test is over; Vitest's own listener would fail the test. */
export function collectUncaught(): readonly unknown[] {
  const uncaught: unknown[] = [];
  const before = process.listeners('uncaughtException');
  const note = (error: unknown) => uncaught.push(error);
  process.removeAllListeners('uncaughtException').on('uncaughtException', note);
  onTestFinished(() => {
    process.off('uncaughtException', note);
    for (const listener of before) process.on('uncaughtException', listener);
  });
  return uncaught;
}

import type { AppConfigError } from '../errors/index.ts';
import type { ConfigurationSource } from '../session/index.ts';
import { memorySource } from '../sources/memory/index.ts';

/** A source whose documents, failures and waits a test decides. */
export interface TestSource extends ConfigurationSource {
  set(profile: string, document: unknown): void;
  fail(error: AppConfigError | undefined): void;
  /** Holds all answers back, or lets them go. */
  hold(isHeld: boolean): void;
}

export function createTestSource(documents: Readonly<Record<string, unknown>>): TestSource {
  const { subscribe: _subscribe, ...memory } = memorySource(documents, { name: 'test' });
  let failure: AppConfigError | undefined;
  let release: (() => void) | undefined;
  let released = Promise.resolve();
  return {
    ...memory,
    initial: (request) => (failure || release ? undefined : memory.initial?.(request)),
    async getLatestConfiguration(request, signal) {
      await released;
      if (failure) throw failure;
      return memory.getLatestConfiguration(request, signal);
    },
    fail(error) {
      failure = error;
    },
    hold(isHeld) {
      release?.();
      release = undefined;
      released = Promise.resolve();
      if (!isHeld) return;
      released = new Promise((resolve) => {
        release = resolve;
      });
    },
  };
}

import type { AppConfigError } from '../errors/index.ts';
import type { ConfigurationSource } from '../session/index.ts';
import { memorySource } from '../sources/memory/index.ts';

/** A source whose documents, failures and waits a test decides; each change is heard when the call returns. */
export interface TestSource extends ConfigurationSource {
  set(profile: string, document: unknown): void;
  fail(error: AppConfigError | undefined): void;
  /** Holds all answers back, or lets them go. */
  hold(isHeld: boolean): void;
}

export function createTestSource(documents: Readonly<Record<string, unknown>>): TestSource {
  const { subscribe: _subscribe, ...memory } = memorySource(documents, { name: 'test' });
  const listeners = new Set<() => void>();
  let failure: AppConfigError | undefined;
  let release: (() => void) | undefined;
  let released = Promise.resolve();
  const announce = () => {
    for (const listener of listeners) listener();
  };
  return {
    ...memory,
    initial: (request) => (failure || release ? undefined : memory.initial?.(request)),
    async getLatestConfiguration(request, signal) {
      await released;
      if (failure) throw failure;
      return memory.getLatestConfiguration(request, signal);
    },
    subscribe(request, onChange) {
      const listener = () => {
        const known = memory.initial?.(request);
        if (release || !known) return;
        onChange(() => {
          if (failure) throw failure;
          return known;
        });
      };
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    set(profile, document) {
      memory.set(profile, document);
      announce();
    },
    fail(error) {
      failure = error;
      announce();
    },
    hold(isHeld) {
      release?.();
      release = undefined;
      released = Promise.resolve();
      if (isHeld) {
        released = new Promise((resolve) => {
          release = resolve;
        });
      } else announce();
    },
  };
}

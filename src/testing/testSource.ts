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
  let changes = 0;
  const announce = () => {
    changes += 1;
    for (const onChange of listeners) onChange();
  };
  return {
    ...memory,
    initial(request) {
      if (failure) throw failure;
      const known = release ? undefined : memory.initial?.(request);
      // News, also where the document is the one from before a failure.
      return known && { ...known, nextToken: `${known.nextToken} ${changes}` };
    },
    async getLatestConfiguration({ token, ...request }, signal) {
      await released;
      if (failure) throw failure;
      const [version] = token?.split(' ') ?? [];
      return memory.getLatestConfiguration({ ...request, token: version }, signal);
    },
    subscribe(_request, onChange) {
      const listener = () => onChange();
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

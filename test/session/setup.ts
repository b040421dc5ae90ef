import type { AppConfigError } from '../../src/errors/index.ts';
import { ConfigurationSession, type ConfigurationSessionOptions } from '../../src/session/index.ts';
import { createInPageSource, createStrictEmulator } from '../support/emulators.ts';
import { createManualClock } from '../support/manualClock.ts';

export const NAME = { application: 'shop', environment: 'production', profile: 'flags' };
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;

/** A session on the emulator through the real AWS SDK client, in time that is moved by hand. */
export function setup(options: Partial<ConfigurationSessionOptions<unknown>> = {}) {
  const clock = createManualClock();
  // An answer that comes late comes when a test says so, not when a machine is slow.
  const service = createManualClock();
  const emulator = createStrictEmulator({
    clock: { now: () => clock.monotonicNow(), schedule: service.schedule },
  });
  const errors: AppConfigError[] = [];
  const deploy = (content: string, versionLabel?: string) =>
    emulator.deploy({ ...NAME, content, contentType: 'text/plain', versionLabel });
  deploy('one');
  const session = new ConfigurationSession({
    ...NAME,
    source: createInPageSource(emulator),
    decode: ({ bytes }) => new TextDecoder().decode(bytes),
    clock,
    random: () => 0,
    onError: (error) => errors.push(error),
    ...options,
  });
  const operations = () => emulator.requests.map(({ operation }) => operation);
  return { clock, emulator, session, errors, deploy, operations };
}

/** The code of the AppConfigError that a promise rejects with. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'no error',
    (error: unknown) =>
      typeof error === 'object' && error !== null && 'code' in error ? error.code : error,
  );
}

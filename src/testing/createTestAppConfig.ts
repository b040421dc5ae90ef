import { QueryClient } from '@tanstack/react-query';
import { createElement, type ReactElement, type ReactNode } from 'react';
import {
  AppConfigClient,
  type FlagExposure,
  type DefaultFlagsProfileName,
  type FlagKey,
  type FlagOf,
  type FlagsOf,
  type FlagsChange,
  type FlagsProfileName,
  type GivenDocument,
  type ProfileName,
} from '../client/index.ts';
import { AppConfigError, InvalidArgumentError, RequestError } from '../errors/index.ts';
import { checkFeatureFlags, toFlag, type UntypedFeatureFlags } from '../flags/index.ts';
import { AppConfigProvider } from '../react/index.ts';
import type { EvaluationContext } from '../session/index.ts';
import { createTestClock } from './testClock.ts';
import { createTestSource } from './testSource.ts';
import { withAct, withAsyncAct } from './withAct.ts';

const NAME = { application: 'test', environment: 'test' };
/** The memory's own: what AWS AppConfig answers by default. */
const PROFILE_OF_FLAGS = 'flags';

/** Flags as a test writes them: on, off, or with attributes. */
export type TestFlags = {
  readonly [Key in keyof FlagsOf<DefaultFlagsProfileName>]?:
    boolean | FlagsOf<DefaultFlagsProfileName>[Key];
};

/** What may be set for {@link createTestAppConfig} and `<AppConfigTestProvider>`. */
export interface TestAppConfigOptions extends EvaluationContext {
  /** The flags of the profile that flag hooks read when they name none. */
  flags?: TestFlags | undefined;
  /** The name of that profile. @default 'flags' */
  flagsProfile?: FlagsProfileName | undefined;
  /** Documents of other profiles. */
  documents?: { readonly [Profile in ProfileName]?: GivenDocument<Profile> } | undefined;
  /** Whether nothing is known yet, until `setPending(false)`. @default false */
  isPending?: boolean | undefined;
  /**
   * Whether a flag that was not given is off. Else reading it throws an error that names it: a test should say
   * what it depends on.
   * @default false
   */
  allowsUnsetFlags?: boolean | undefined;
  /** The query client to use. @default one of its own */
  queryClient?: QueryClient | undefined;
}

/** AWS AppConfig for a test: what components read, and everything that can happen to it. */
export interface TestAppConfig {
  /** For `<AppConfigProvider client={…}>`. */
  readonly client: AppConfigClient;
  /** For Testing Library: `render(<Checkout />, { wrapper })`, and `renderHook` the same. */
  readonly wrapper: (props: { children: ReactNode }) => ReactElement;
  /** Deploys a flag: what reads it has rendered when the call returns; what suspends, a moment later. */
  setFlag<Key extends FlagKey<DefaultFlagsProfileName>>(
    key: Key,
    value: boolean | FlagOf<DefaultFlagsProfileName, Key>,
  ): void;
  /** Deploys all flags at once: those that are not named are gone. */
  setFlags(flags: TestFlags): void;
  /** Deploys a document of another profile. */
  setDocument<Profile extends ProfileName>(
    profile: Profile,
    document: GivenDocument<Profile>,
  ): void;
  /**
   * Makes polls fail until it is called with `undefined`: components keep what they have, with the error beside it.
   *
   * @param error what it fails with; a `RequestError` with code `ServiceFailure` if it is not an `AppConfigError`
   */
  setError(error: Error | undefined): void;
  /**
   * Lets the first answer arrive, or holds it back.
   *
   * @throws InvalidArgumentError when it should be held back and has arrived: what is known stays known.
   */
  setPending(isPending: boolean): void;
  /** Lets time pass for the sessions, and polls what is due then. */
  advance(ms: number): Promise<void>;
  /** What was told to `onExposure`, the newest last: a moment after it was shown, so await something first. */
  readonly exposures: readonly FlagExposure[];
  /** What was told to `onChange`, the newest last. */
  readonly changes: readonly FlagsChange[];
  /** What was told to `onError`, the newest last. */
  readonly errors: readonly AppConfigError[];
}

/**
 * AWS AppConfig for a test, without a network and with a clock that the test moves. Everything is right at the first
 * render, and each change has been rendered when its call returns. Works with Testing Library, in vitest and jest,
 * with real and with fake timers.
 *
 * @example
 * const appConfig = createTestAppConfig({ flags: { 'new-checkout': true } });
 * render(<Checkout />, { wrapper: appConfig.wrapper });
 * appConfig.setFlag('new-checkout', false);
 * expect(screen.getByText('The old checkout')).toBeTruthy();
 *
 * @throws ContentError `NotFeatureFlags` for invalid flags.
 */
export function createTestAppConfig({
  flags: firstFlags = {},
  flagsProfile = PROFILE_OF_FLAGS,
  documents = {},
  isPending = false,
  allowsUnsetFlags = false,
  queryClient = new QueryClient(),
  entityId,
  context,
}: TestAppConfigOptions = {}): TestAppConfig {
  const exposures: FlagExposure[] = [];
  const changes: FlagsChange[] = [];
  const errors: AppConfigError[] = [];
  const clock = createTestClock();
  let flags = toFlags(firstFlags);
  const source = createTestSource({ ...documents, [flagsProfile]: flags });
  source.hold(isPending);
  const client = new AppConfigClient({
    ...NAME,
    source,
    clock,
    queryClient,
    entityId,
    context,
    flags: flagsProfile,
    random: () => 0,
    ...(!allowsUnsetFlags && {
      defaults: { [flagsProfile]: refuseUnset(() => flags) },
    }),
    // A failure is reported when it is set, and again by the poll that fails with it.
    onError: (error) => errors.includes(error) || errors.push(error),
    onExposure: (exposure) => exposures.push(exposure),
    onChange: (change) => changes.push(change),
  });
  let isHeld = isPending;
  const deploy = (profile: string, document: unknown) =>
    withAct(() => source.set(profile, document));
  const deployFlags = (next: UntypedFeatureFlags) => {
    flags = next;
    deploy(flagsProfile, next);
  };
  return {
    client,
    wrapper: ({ children }) => createElement(AppConfigProvider, { client }, children),
    exposures,
    changes,
    errors,
    setFlag: (key, value) => deployFlags({ ...flags, ...toFlags({ [key]: value }) }),
    setFlags: (next) => deployFlags(toFlags(next)),
    setDocument: (profile, document) => deploy(profile, document),
    setError(error) {
      const failure = error && toAppConfigError(error);
      if (failure) errors.push(failure);
      withAct(() => source.fail(failure));
    },
    setPending(isWanted) {
      if (isWanted === isHeld) return;
      if (isWanted && client.profile(flagsProfile).state.snapshot) {
        throw new InvalidArgumentError(
          'What is known stays known, as it does in an app. Make another createTestAppConfig({ isPending: true }).',
        );
      }
      isHeld = isWanted;
      withAct(() => source.hold(isWanted));
    },
    advance: (ms) =>
      withAsyncAct(async () => {
        clock.advance(ms);
        // The sessions know which of them are due.
        await queryClient.refetchQueries({ type: 'active' });
      }),
  };
}

function toFlags(flags: TestFlags): UntypedFeatureFlags {
  return checkFeatureFlags(
    Object.fromEntries(Object.entries(flags).map(([key, flag]) => [key, toFlag(flag)])),
  );
}

function toAppConfigError(error: Error): AppConfigError {
  if (error instanceof AppConfigError) return error;
  return new RequestError('ServiceFailure', error.message, {
    operation: 'GetLatestConfiguration',
    cause: error,
  });
}

/** Defaults that throw for a flag that was not given: the test has forgotten it. */
function refuseUnset(getFlags: () => UntypedFeatureFlags): UntypedFeatureFlags {
  return new Proxy<UntypedFeatureFlags>(
    {},
    {
      getOwnPropertyDescriptor(_target, key) {
        if (typeof key === 'string' && !Object.hasOwn(getFlags(), key)) {
          throw new InvalidArgumentError(
            `The flag "${key}" is read, but the test has not set it. Set it, as in flags={{ '${key}': false }} or, in a story, in parameters.appConfig.flags; or allow it with allowsUnsetFlags.`,
          );
        }
        return undefined;
      },
    },
  );
}

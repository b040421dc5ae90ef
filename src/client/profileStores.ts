import { validate, type StandardSchema } from '../configuration/index.ts';
import type { AppConfigError } from '../errors/index.ts';
import type { UntypedFeatureFlags } from '../flags/index.ts';
import { createCheckedStore, type CheckedState } from './checkedStore.ts';
import { createFlagStores, type FlagStores } from './flagStores.ts';
import { perObject } from './memoize.ts';
import { createPollStatusStore, type PollStatus } from './pollStatus.ts';
import type { ProfileObserver } from './profileObserver.ts';
import type { Store } from './store.ts';

/** What {@link ProfileStores} need. */
export interface ProfileStoresOptions {
  profile: string;
  observer: ProfileObserver;
  /** What components see of the profile before there is anything else. */
  fallback: unknown;
  /** The same as flags; throws if it is something else. */
  flagDefaults: () => UntypedFeatureFlags | undefined;
  report: (error: AppConfigError) => void;
}

/** Everything that hooks subscribe to of one profile. */
export class ProfileStores {
  readonly observer: ProfileObserver;
  readonly fallback: unknown;
  readonly status: Store<PollStatus>;
  readonly #options: ProfileStoresOptions;
  readonly #withSchema: (schema: StandardSchema) => Store<CheckedState<unknown>>;
  #document: Store<CheckedState<unknown>> | undefined;
  #flags: FlagStores | undefined;

  constructor(options: ProfileStoresOptions) {
    this.#options = options;
    this.observer = options.observer;
    this.fallback = options.fallback;
    this.status = createPollStatusStore(options.observer);
    this.#withSchema = perObject((schema) =>
      createCheckedStore(options.observer, {
        ...options,
        check: (value) => validate(value, schema),
      }),
    );
  }

  /** The profile's flags. @throws InvalidArgumentError if its defaults are not flags. */
  get flags(): FlagStores {
    this.#flags ??= createFlagStores(this.observer, {
      ...this.#options,
      defaults: this.#options.flagDefaults(),
    });
    return this.#flags;
  }

  /** The profile's document, through a schema if there is one; the same store a schema. */
  document(schema: StandardSchema | undefined): Store<CheckedState<unknown>> {
    if (schema) return this.#withSchema(schema);
    this.#document ??= createCheckedStore(this.observer, {
      ...this.#options,
      check: (value) => value,
    });
    return this.#document;
  }
}

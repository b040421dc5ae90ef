import {
  checkFeatureFlags,
  DISABLED_FLAG,
  findAttribute,
  findFlag,
  isSameStructure,
  type UntypedFeatureFlags,
  type UntypedFlag,
} from '../configuration/index.ts';
import type { AppConfigClient } from './appConfigClient.ts';
import { createConfigurationView, type ViewResult } from './configurationView.ts';
import { perName, perObject } from './memoize.ts';
import { deriveStore, type Store } from './store.ts';

/** The flags of one profile, and what stands in for those that are not known. */
export interface ProfileFlags {
  readonly view: Store<ViewResult<UntypedFeatureFlags>>;
  readonly defaults: UntypedFeatureFlags | undefined;
}

/** Selects from the flags of a profile. */
export type FlagSelector<Selected> = (result: ViewResult<UntypedFeatureFlags>) => Selected;

const profileFlagsOf = /* @__PURE__ */ perObject((client: AppConfigClient) =>
  perName((profile): ProfileFlags => {
    const defaults = client.flagDefaults(profile);
    const view = createConfigurationView({
      client,
      profile,
      check: checkFeatureFlags,
      fallback: defaults,
    });
    return { view, defaults };
  }),
);

/** The flags of a profile, the provider's if none is named. */
export function flagsOf(client: AppConfigClient, profile: string | undefined): ProfileFlags {
  return profileFlagsOf(client)(client.profileName(profile));
}

/** A flag, shared by all of its readers. */
export const flagStoreOf = /* @__PURE__ */ perObject((flags: ProfileFlags) =>
  perName((key) => deriveStore(flags.view, () => createSelectFlag(flags, key))),
);

/** Whether a flag is on. */
export const flagEnabledStoreOf = /* @__PURE__ */ perObject((flags: ProfileFlags) =>
  perName((key) =>
    deriveStore(flags.view, () => {
      const selectFlag = createSelectFlag(flags, key);
      return (result) => selectFlag(result).enabled;
    }),
  ),
);

/** One attribute of a flag. */
export const attributeStoreOf = /* @__PURE__ */ perObject((flags: ProfileFlags) =>
  perName((key) =>
    perName((attribute) =>
      deriveStore(flags.view, () => {
        const selectFlag = createSelectFlag(flags, key);
        return (result) => findAttribute(selectFlag(result), attribute);
      }),
    ),
  ),
);

/** True while neither the flag nor a default for it is known. */
export const flagPendingStoreOf = /* @__PURE__ */ perObject((flags: ProfileFlags) =>
  perName((key) =>
    deriveStore(flags.view, () => ({ status, data }) => {
      return status === 'pending' && !findFlag(data, key);
    }),
  ),
);

/** All flags, with the defaults of those that are not known. */
export const allFlagsStoreOf = /* @__PURE__ */ perObject((flags: ProfileFlags) =>
  deriveStore(flags.view, () => createSelectAll(flags)),
);

/** A flag that turns out to be what its readers took it for is no reason to render. */
export function createSelectFlag(
  { defaults }: ProfileFlags,
  key: string,
): FlagSelector<UntypedFlag> {
  const defaultFlag = findFlag(defaults, key) ?? DISABLED_FLAG;
  let seen: UntypedFlag | undefined;
  let flag = defaultFlag;
  return ({ data }) => {
    const found = findFlag(data, key);
    if (found !== seen) {
      seen = found;
      const next = found ?? defaultFlag;
      if (!isSameStructure(flag, next)) flag = next;
    }
    return flag;
  };
}

function createSelectAll({ defaults = {} }: ProfileFlags): FlagSelector<UntypedFeatureFlags> {
  let seen: UntypedFeatureFlags | undefined;
  let all = defaults;
  return ({ data }) => {
    if (data !== seen) {
      seen = data;
      all = { ...defaults, ...data };
    }
    return all;
  };
}

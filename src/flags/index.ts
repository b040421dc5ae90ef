export { attributeKind, type AttributeKind } from './attributeKind.ts';
export { checkFeatureFlags, isRecord } from './checkFeatureFlags.ts';
export {
  evaluateFlag,
  evaluateFlags,
  findAttribute,
  isFlagKnown,
  type FlagEvaluation,
  type FlagReason,
  type KnownFlags,
} from './evaluateFlag.ts';
export type {
  AttributeValue,
  DisabledFlag,
  EnabledFlag,
  FeatureFlags,
  Flag,
  UntypedFeatureFlags,
  UntypedFlag,
} from './featureFlags.ts';
export { findOwn } from './findOwn.ts';
export { overrideValue, type OverriddenProfiles, type ProfileOverride } from './overrides.ts';
export { toFlag } from './toFlag.ts';
export { readOverride, toKnownFlags, type CombinedFlags } from './toKnownFlags.ts';

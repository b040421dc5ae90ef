export {
  browserOverrides,
  type BrowserOverrides,
  type BrowserOverridesOptions,
} from '../overrides/browserOverrides.ts';
export {
  memoryOverrides,
  type OverrideName,
  type Overrides,
  type OverridesOptions,
} from '../overrides/overrides.ts';
export { readOverridesCookie, type OverridesCookieOptions } from '../overrides/overridesCookie.ts';
export type { AllowOverrides } from '../overrides/signedOverrides.ts';

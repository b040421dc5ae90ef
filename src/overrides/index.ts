export {
  browserOverrides,
  type BrowserOverrides,
  type BrowserOverridesOptions,
} from './browserOverrides.ts';
export {
  memoryOverrides,
  type OverrideName,
  type Overrides,
  type OverridesOptions,
} from './overrides.ts';
export { readOverridesCookie, type OverridesCookieOptions } from './overridesCookie.ts';
export type { AllowOverrides } from './signedOverrides.ts';

export {
  browserOverrides,
  memoryOverrides,
  readOverridesCookie,
  type AllowOverrides,
  type BrowserOverrides,
  type BrowserOverridesOptions,
  type OverrideName,
  type Overrides,
  type OverridesCookieOptions,
  type OverridesOptions,
} from '../overrides/index.ts';

import type { AppConfigClient } from '../client/index.ts';
import { browserOverrides, type Overrides } from '../overrides/index.ts';

/** Gives a client overrides of the browser, if it has none of its own. */
export function ensureOverrides(client: AppConfigClient): void {
  if (client.overrides === undefined) client.setOverrides(browserOverrides());
}

/** The overrides of a client, if they can be set. */
export function settableOverridesOf({ overrides }: AppConfigClient): Overrides | undefined {
  return overrides && isSettable(overrides) ? overrides : undefined;
}

function isSettable(overrides: object): overrides is Overrides {
  return 'setFlag' in overrides && 'clear' in overrides;
}

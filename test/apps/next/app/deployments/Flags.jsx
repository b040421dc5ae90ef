'use client';

import { useFlagDetails, useSuspenseAppConfig } from 'react-appconfig';

export function Flags() {
  const { flag, reason, versionLabel } = useFlagDetails('new-checkout');
  return <p id="flag">{`max items: ${flag.maxItems}, ${reason}, ${versionLabel}`}</p>;
}

/** A profile that nobody has prefetched, from a path of the page's own origin. */
export function Unprefetched() {
  const { data } = useSuspenseAppConfig('flags');
  return <p id="unprefetched">{`max items: ${data['new-checkout'].maxItems}`}</p>;
}

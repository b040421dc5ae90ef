'use client';

import { useFlagDetails } from 'react-appconfig';

export function MaxItems() {
  const { flag, reason, variant } = useFlagDetails('new-checkout');
  return <p id="flag">{`max items: ${flag.maxItems}, ${reason}, ${variant}`}</p>;
}

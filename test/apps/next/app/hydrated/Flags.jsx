'use client';

import { AppConfigProvider, useFlagDetails } from 'react-appconfig';
import { makeSource } from '../source.js';

const source = makeSource(process.env.NEXT_PUBLIC_APPCONFIG_ENDPOINT);

function MaxItems() {
  const { flag, reason } = useFlagDetails('new-checkout');
  return <p id="flag">{`max items: ${flag.maxItems}, ${reason}`}</p>;
}

export function Flags() {
  return (
    <AppConfigProvider application="shop" environment="production" source={source} flags="flags">
      <MaxItems />
    </AppConfigProvider>
  );
}

'use client';

import { Suspense } from 'react';
import { AppConfigProvider, useSuspenseAppConfig } from 'react-appconfig';
import { makeSource } from '../source.js';

const source = makeSource(process.env.NEXT_PUBLIC_APPCONFIG_ENDPOINT);

function MaxItems() {
  const { data } = useSuspenseAppConfig('flags');
  return <p id="flag">{`max items: ${data['new-checkout'].maxItems}`}</p>;
}

export function Flags() {
  return (
    <AppConfigProvider application="shop" environment="production" source={source} flags="flags">
      <Suspense fallback={<p id="fallback">loading</p>}>
        <MaxItems />
      </Suspense>
    </AppConfigProvider>
  );
}

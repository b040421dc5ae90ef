import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { connection } from 'next/server';
import { Suspense } from 'react';
import { AppConfigClient, appConfigQuery } from 'react-appconfig';
import { makeSource } from '../source.js';
import { Flags } from './Flags.jsx';
import { Providers } from './Providers.jsx';

async function Prefetched() {
  await connection();
  const queryClient = new QueryClient();
  const client = new AppConfigClient({
    application: 'shop',
    environment: 'production',
    source: makeSource(process.env.APPCONFIG_ENDPOINT),
    flags: 'flags',
    queryClient,
  });
  await queryClient.prefetchQuery(appConfigQuery(client, 'flags'));
  client.dispose();
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <Flags />
    </HydrationBoundary>
  );
}

export default function Page() {
  return (
    <Providers>
      <Suspense fallback={<p id="shell">shell</p>}>
        <Prefetched />
      </Suspense>
    </Providers>
  );
}

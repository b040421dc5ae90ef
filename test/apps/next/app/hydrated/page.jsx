import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { connection } from 'next/server';
import { Suspense } from 'react';
import { prefetchAppConfig } from '../appConfig.js';
import { Flags } from './Flags.jsx';
import { Providers } from './Providers.jsx';

async function Prefetched() {
  await connection();
  const context = { plan: 'pro' };
  const queryClient = new QueryClient();
  await prefetchAppConfig(queryClient, { context });
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <Flags context={context} />
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

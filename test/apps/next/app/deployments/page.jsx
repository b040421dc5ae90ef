import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { connection } from 'next/server';
import { Suspense } from 'react';
import { prefetchAppConfig } from './appConfig.js';
import { Flags, Unprefetched } from './Flags.jsx';
import { Providers } from './Providers.jsx';

export default function Page({ searchParams }) {
  return (
    <Suspense fallback={<p>waiting</p>}>
      <Visit searchParams={searchParams} />
    </Suspense>
  );
}

async function Visit({ searchParams }) {
  await connection();
  const { overridden, visitor, unprefetched } = await searchParams;
  const queryClient = new QueryClient();
  if (!unprefetched) await prefetchAppConfig(queryClient, { sourceName: 'short' });
  return (
    <Providers overridden={overridden} visitor={visitor}>
      <HydrationBoundary state={dehydrate(queryClient)}>
        <Suspense fallback={<p>loading</p>}>{unprefetched ? <Unprefetched /> : <Flags />}</Suspense>
      </HydrationBoundary>
    </Providers>
  );
}

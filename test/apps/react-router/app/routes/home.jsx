import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { Suspense } from 'react';
import { AppConfigProvider, useSuspenseAppConfig } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';
import { prefetchAppConfig } from '../appConfig.server.js';
import { MaxItems } from '../MaxItems.jsx';

const source = agentSource({ endpoint: '/flags', name: 'agent' });

export async function loader() {
  // The signed-in user, from a session of the app.
  const context = { plan: 'pro' };
  const queryClient = new QueryClient();
  await prefetchAppConfig(queryClient, { context });
  return { state: dehydrate(queryClient), context };
}

function Version() {
  const { data, versionLabel } = useSuspenseAppConfig('flags');
  return <p id="version">{`${Object.keys(data)} of ${versionLabel}`}</p>;
}

export default function Home({ loaderData: { state, context } }) {
  return (
    <HydrationBoundary state={state}>
      <AppConfigProvider
        application="shop"
        environment="production"
        flags="flags"
        source={source}
        context={context}
      >
        <MaxItems />
        <Suspense fallback={<p id="loading">One moment…</p>}>
          <Version />
        </Suspense>
      </AppConfigProvider>
    </HydrationBoundary>
  );
}

import { HydrationBoundary, QueryClientProvider } from '@tanstack/react-query';
import { Suspense } from 'react';
import { AppConfigProvider, useSuspenseAppConfig } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';
import { MaxItems } from './MaxItems.jsx';

const source = agentSource({ endpoint: '/flags', name: 'agent' });

function Version() {
  const { data, versionLabel } = useSuspenseAppConfig('flags');
  return <p id="version">{`${Object.keys(data)} of ${versionLabel}`}</p>;
}

export const App = ({ queryClient, state, context }) => (
  <QueryClientProvider client={queryClient}>
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
  </QueryClientProvider>
);

'use client';

import { AppConfigProvider, useFlagDetails } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';

const source = agentSource({ endpoint: '/flags', name: 'agent' });

function MaxItems() {
  const { flag, reason, variant } = useFlagDetails('new-checkout');
  return <p id="flag">{`max items: ${flag.maxItems}, ${reason}, ${variant}`}</p>;
}

export function Flags({ context }) {
  return (
    <AppConfigProvider
      application="shop"
      environment="production"
      source={source}
      flags="flags"
      context={context}
    >
      <MaxItems />
    </AppConfigProvider>
  );
}

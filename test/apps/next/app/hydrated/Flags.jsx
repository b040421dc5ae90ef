'use client';

import { AppConfigProvider } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';
import { MaxItems } from './MaxItems.jsx';

const source = agentSource({ endpoint: '/flags', name: 'agent' });

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

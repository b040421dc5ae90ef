'use client';

import { AppConfigProvider } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';
import { memoryOverrides } from 'react-appconfig/overrides';

const source = agentSource({ endpoint: '/short', name: 'short' });

/** A provider without a QueryClient, as the README and the guide have it. */
export function Providers({ overridden, visitor, children }) {
  const overrides = memoryOverrides({
    initial: overridden
      ? { flags: { flags: { 'new-checkout': { enabled: true, maxItems: overridden } } } }
      : {},
  });
  return (
    <AppConfigProvider
      application="shop"
      environment="production"
      source={source}
      flags="flags"
      overrides={overrides}
      onError={({ code }) =>
        globalThis.process?.stdout?.write?.(`onError of ${visitor}: ${code}\n`)
      }
    >
      {children}
    </AppConfigProvider>
  );
}

import { FlagProvider, UnleashClient, useFlag } from '@unleash/proxy-client-react';
import type { Contender, FlagStates } from '../contender.ts';

/** Unleash: its proxy client with a bootstrap, and its own provider and hook. */
export const unleash: Contender = async (initial) => {
  let onDelivered = () => {};
  let states = initial;
  const toToggles = (of: FlagStates) =>
    Object.entries(of).map(([name, enabled]) => ({
      name,
      enabled,
      impressionData: false,
      variant: { name: 'disabled', enabled: false, feature_enabled: enabled },
    }));
  const client = new UnleashClient({
    url: 'https://unleash.invalid/api/frontend',
    clientKey: 'bench',
    appName: 'bench',
    bootstrap: toToggles(initial),
    disableRefresh: true,
    disableMetrics: true,
    storageProvider: { save: async () => {}, get: async () => undefined },
    fetch: async () => {
      const response = new Response('{}', { headers: { 'Content-Type': 'application/json' } });
      return Object.assign(response, {
        json: async () => {
          onDelivered();
          return { toggles: toToggles(states) };
        },
      });
    },
  });
  await client.start();
  return {
    wrap: (children) => (
      <FlagProvider unleashClient={client} startClient={false}>
        {children}
      </FlagProvider>
    ),
    useIsOn: (key) => useFlag(key),
    async deliver(next, delivered) {
      states = next;
      onDelivered = delivered;
      await client.updateToggles();
      onDelivered = () => {};
    },
    dispose: () => client.stop(),
  };
};

import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { QueryClient } from '@tanstack/react-query';
import {
  AppConfigClient,
  appConfigQuery,
  AppConfigProvider,
  useFlagEnabled,
  type AppConfigListener,
} from 'react-appconfig';
import { appConfigDataSource } from 'react-appconfig/appconfigdata';
import type { ConfigurationSource } from 'react-appconfig/sources';
import { createEmulator, emulatorRequestHandler } from 'react-appconfig/emulator';
import type { Contender, FlagStates, Instance } from '../contender.ts';

const NAME = { application: 'bench', environment: 'page' };
const HOUR_MS = 3_600_000;

/** This package: the real provider, a real session, the real AWS SDK, and the emulator in the page. */
export const appConfig: Contender = (initial) => createApp(initial, {});

/** The same with a listener that hears of each flag that is shown. */
export const appConfigExposed: Contender = (initial) => {
  let exposures = 0;
  return createApp(initial, { onExposure: () => (exposures += 1) });
};

async function createApp(initial: FlagStates, listener: AppConfigListener): Promise<Instance> {
  let offsetMs = 0;
  let onDelivered = () => {};
  const clock = {
    now: () => Date.now() + offsetMs,
    monotonicNow: () => performance.now() + offsetMs,
    schedule(callback: () => void, delayMs: number) {
      const timeout = setTimeout(callback, delayMs);
      return () => clearTimeout(timeout);
    },
  };
  const emulator = createEmulator({ clock: { now: clock.monotonicNow } });
  const sdk = appConfigDataSource(
    new AppConfigDataClient({
      region: 'us-east-1',
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
      requestHandler: emulatorRequestHandler(emulator),
    }),
  );
  const source: ConfigurationSource = {
    name: sdk.name,
    async getLatestConfiguration(request, signal) {
      const answer = await sdk.getLatestConfiguration(request, signal);
      onDelivered();
      return answer;
    },
  };
  let deployed = '';
  const deploy = (states: FlagStates) => {
    const flags = Object.entries(states).map(([key, enabled]) => [key, { enabled }]);
    const content = JSON.stringify(Object.fromEntries(flags));
    if (content !== deployed) emulator.deploy({ ...NAME, profile: 'flags', content });
    deployed = content;
  };
  deploy(initial);
  const queryClient = new QueryClient();
  const client = new AppConfigClient({
    ...NAME,
    ...listener,
    source,
    flags: 'flags',
    queryClient,
    clock,
  });
  const query = appConfigQuery(client, 'flags');
  await queryClient.fetchQuery(query);
  return {
    wrap: (children) => <AppConfigProvider client={client}>{children}</AppConfigProvider>,
    useIsOn: (key) => useFlagEnabled(key),
    async deliver(states, delivered) {
      deploy(states);
      onDelivered = delivered;
      offsetMs += HOUR_MS;
      await queryClient.refetchQueries({ queryKey: query.queryKey });
      onDelivered = () => {};
    },
    dispose() {
      client.dispose();
      queryClient.clear();
    },
  };
}

import { io } from 'next/cache';
import { agentSource } from 'react-appconfig/agent';
import { createAppConfigServer } from 'react-appconfig/server';

/** A service that is asked each second, so that a test sees several deployments. */
export const { createHandler, prefetchAppConfig } = createAppConfigServer({
  application: 'shop',
  environment: 'production',
  source: agentSource({
    endpoint: process.env.SHORT_ENDPOINT,
    name: 'upstream',
    pollIntervalInSeconds: 1,
  }),
  flags: 'flags',
  profiles: { flags: { allow: ['new-checkout'] } },
  beforeRead: io,
});

import { agentSource } from 'react-appconfig/agent';
import { createAppConfigServer } from 'react-appconfig/server';

export const { createHandler, prefetchAppConfig } = createAppConfigServer({
  application: 'shop',
  environment: 'production',
  source: agentSource({ endpoint: process.env.APPCONFIG_ENDPOINT, name: 'agent' }),
  flags: 'flags',
  profiles: { flags: { allow: ['new-checkout'] } },
});

import { io } from 'next/cache';
import { agentSource } from 'react-appconfig/agent';
import { createAppConfigServer } from 'react-appconfig/server';

export const { createHandler, getFlag, getFlagDetails, prefetchAppConfig } = createAppConfigServer({
  application: 'shop',
  environment: 'production',
  source: agentSource({ endpoint: process.env.APPCONFIG_ENDPOINT, name: 'agent' }),
  flags: 'flags',
  profiles: { flags: { allow: ['new-checkout'] } },
  beforeRead: io,
});

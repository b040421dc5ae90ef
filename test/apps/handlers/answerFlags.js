import { agentSource } from 'react-appconfig/agent';
import { createAppConfigHandler } from 'react-appconfig/server';

/** What every example below serves, each in its own way. */
export const createAnswerFlags = (basePath = '') =>
  createAppConfigHandler({
    application: 'shop',
    environment: 'production',
    source: agentSource({ endpoint: process.env.APPCONFIG_ENDPOINT }),
    profiles: { flags: { allow: ['new-checkout'] } },
    basePath,
  });

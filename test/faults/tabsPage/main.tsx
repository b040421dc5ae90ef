import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { AppConfigProvider, useAppConfig } from 'react-appconfig';
import type { ConfigurationSource } from 'react-appconfig/sources';
import { appConfigDataSource } from 'react-appconfig/appconfigdata';
import { crossTabSource } from 'react-appconfig/sources';
import { createRoot } from 'react-dom/client';

declare global {
  /** Tells the test of each call that this tab makes. */
  function reportCall(operation: 'start' | 'poll'): Promise<void>;
}

const port = new URLSearchParams(location.search).get('port');
const sdkSource = appConfigDataSource(
  new AppConfigDataClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: `http://127.0.0.1:${port}`,
    maxAttempts: 1,
  }),
);
const reported: ConfigurationSource = {
  name: sdkSource.name,
  getLatestConfiguration(request, signal) {
    if (request.token === undefined) void globalThis.reportCall('start');
    void globalThis.reportCall('poll');
    return sdkSource.getLatestConfiguration(request, signal);
  },
};
const source = crossTabSource(reported);

function Version() {
  const { data } = useAppConfig('settings');
  return <output>{JSON.stringify(data)}</output>;
}

const container = document.querySelector('main');
if (!container) throw new Error('The page has no <main>.');
createRoot(container).render(
  <AppConfigProvider source={source} application="shop" environment="production">
    <Version />
  </AppConfigProvider>,
);

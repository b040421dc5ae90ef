import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { AppConfigProvider, Feature, useFlagValue, type FeatureFlags } from 'react-appconfig';
import { appConfigDataSource } from 'react-appconfig/appconfigdata';
import { createEmulator, emulatorRequestHandler } from 'react-appconfig/emulator';
import { ConfigurationSession } from 'react-appconfig/session';

declare module 'react-appconfig' {
  interface Register {
    profiles: { flags: FeatureFlags<{ checkout: { maxItems: number } }> };
  }
}

const name = { application: 'shop', environment: 'test' };
const emulator = createEmulator();
emulator.deploy({
  ...name,
  profile: 'flags',
  content: { checkout: { enabled: true, maxItems: 20 } },
});
const source = appConfigDataSource(
  new AppConfigDataClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    requestHandler: emulatorRequestHandler(emulator),
  }),
);

const session = new ConfigurationSession({
  ...name,
  profile: 'flags',
  source,
  decode: ({ bytes }) => new TextDecoder().decode(bytes),
});
void session.poll().then(({ value }) => {
  document.title = value;
});

function App() {
  const maxItems: number = useFlagValue('checkout', 'maxItems', 10);
  return (
    <Feature flag="checkout" fallback={<p>off</p>}>
      {(flag) => <p id="answer">{`${flag.maxItems} and ${maxItems}`}</p>}
    </Feature>
  );
}

// @ts-expect-error -- the registered types reach through the package: this flag does not exist
export const misspelt = <Feature flag="chekout" />;

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <AppConfigProvider {...name} source={source} flags="flags">
        <App />
      </AppConfigProvider>
    </StrictMode>,
  );
}

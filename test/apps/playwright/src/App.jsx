import { AppConfigProvider, useAppConfig } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';
import { appConfigDataSource } from 'react-appconfig/appconfigdata';
import { Checkout } from './Checkout.jsx';

const sources = {
  handler: agentSource({ endpoint: '/flags' }),
  aws: appConfigDataSource({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  }),
};

function Title() {
  const { data } = useAppConfig('site-settings');
  return <h1>{data?.title ?? 'no title'}</h1>;
}

/** An app as it is built: its pages ask a server. */
export function App({ of }) {
  return (
    <AppConfigProvider
      application="shop"
      environment="production"
      source={sources[of]}
      flags="flags"
    >
      <Title />
      <Checkout />
    </AppConfigProvider>
  );
}

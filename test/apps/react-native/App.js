import { createElement } from 'react';
import { Text } from 'react-native';
import { AppConfigProvider, Feature, useAppConfig, useFlagValue } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';
import { memorySource } from 'react-appconfig/sources';

export const remote = agentSource({ endpoint: 'https://shop.example/flags' });
const source = memorySource({
  flags: { 'new-checkout': { enabled: true, maxItems: 20 } },
  'site-settings': { title: 'The shop' },
});

function Checkout() {
  const maxItems = useFlagValue('new-checkout', 'maxItems', 10);
  const { data } = useAppConfig('site-settings', { select: ({ title }) => title });
  return createElement(Text, null, `${data}: up to ${maxItems} items`);
}

export function App() {
  return createElement(
    AppConfigProvider,
    { application: 'shop', environment: 'test', flags: 'flags', source },
    createElement(Feature, { flag: 'new-checkout' }, createElement(Checkout)),
  );
}

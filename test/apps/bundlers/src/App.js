import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { AppConfigProvider, Feature, useAppConfig, useFlagValue } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';
import { browserOverrides } from 'react-appconfig/overrides';
import { memorySource } from 'react-appconfig/sources';

const source =
  location.hash === '#agent'
    ? agentSource({ endpoint: '/flags' })
    : memorySource({
        flags: { 'new-checkout': { enabled: true, maxItems: 20 } },
        'site-settings': { title: 'The shop' },
      });

function Checkout() {
  const maxItems = useFlagValue('new-checkout', 'maxItems', 10);
  const { data } = useAppConfig('site-settings', { select: ({ title }) => title });
  return createElement('p', { id: 'flag' }, `${data}: up to ${maxItems} items`);
}

createRoot(document.getElementById('root')).render(
  createElement(
    AppConfigProvider,
    {
      application: 'shop',
      environment: 'test',
      flags: 'flags',
      source,
      overrides: browserOverrides(),
    },
    createElement(Feature, { flag: 'new-checkout' }, createElement(Checkout)),
  ),
);

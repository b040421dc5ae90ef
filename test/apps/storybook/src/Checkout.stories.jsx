import * as React from 'react';
import { Feature, useFlagValue } from 'react-appconfig';

function Checkout() {
  const maxItems = useFlagValue('new-checkout', 'maxItems', 10);
  return (
    <Feature flag="new-checkout" fallback={<p>The old checkout</p>} loading={<p>One moment</p>}>
      <p>Up to {maxItems} items</p>
    </Feature>
  );
}

export default { title: 'Checkout', component: Checkout };

export const New = {
  parameters: {
    appConfig: {
      flags: { 'new-checkout': { enabled: true, maxItems: 20 } },
      presets: { 'All off': { 'new-checkout': false } },
    },
  },
};

import { Feature } from 'react-appconfig';
import { AppConfigTestProvider } from 'react-appconfig/testing';

export function Checkout() {
  return (
    <Feature flag="new-checkout" fallback={<p>The old checkout</p>}>
      {({ maxItems }) => <p>Up to {maxItems} items</p>}
    </Feature>
  );
}

/** What a test mounts: its flags are data, which goes from the test's process to the page. */
export function CheckoutWithFlags({ flags }) {
  return (
    <AppConfigTestProvider flags={flags}>
      <Checkout />
    </AppConfigTestProvider>
  );
}

import { Feature, useFlagDetails, useFlagValue } from 'react-appconfig';

export function Shop({ heading: Heading = 'h1' }: { heading?: 'h1' | 'h2' }) {
  const limit = useFlagValue('new-checkout', 'maxItems', 10);
  const { reason, error } = useFlagDetails('new-checkout');
  return (
    <div className="product">
      <Heading>The Outdoor Shop</Heading>
      <Feature
        flag="new-checkout"
        loading={<p role="status">One moment…</p>}
        fallback={<p>The old checkout, up to {limit} items.</p>}
      >
        <p>The new checkout, up to {limit} items.</p>
      </Feature>
      <Feature flag="winter-sale">
        <p className="notice">Winter sale: 20 % off everything.</p>
      </Feature>
      <p className="muted">
        <code>new-checkout</code>: {error ? `${reason}, ${error.code}` : reason}
      </p>
    </div>
  );
}

import { Feature, useFlagDetails, useFlagEnabled } from 'react-appconfig';
import { RenderCount, useRenderCount } from '../demo/RenderCount.tsx';

export function Checkout() {
  const isExpress = useFlagEnabled('express-checkout');
  const { reason, versionLabel } = useFlagDetails('express-checkout');
  return (
    <div className="product">
      <h3>Trail running shoe</h3>
      <p className="muted">€ 129, in stock</p>
      <Feature
        flag="express-checkout"
        fallback={<button type="button">Add to basket</button>}
        loading={
          <button type="button" disabled>
            One moment…
          </button>
        }
      >
        <button type="button" className="primary">
          Buy now
        </button>
      </Feature>
      <p className="muted">
        <code>express-checkout</code> is {isExpress ? 'on' : 'off'}: {reason}
        {versionLabel ? ` from ${versionLabel}` : ''}. <RenderCount count={useRenderCount()} />
      </p>
    </div>
  );
}

import { useFlag, useFlagValue } from 'react-appconfig';
import { RenderCount, useRenderCount } from '../demo/RenderCount.tsx';

function Banner() {
  const banner = useFlag('banner');
  const renders = <RenderCount count={useRenderCount()} />;
  if (!banner.enabled) return <p className="muted">No banner today. {renders}</p>;
  return (
    <p className="notice">
      <strong>{String(banner['text'])}</strong> {renders}
    </p>
  );
}

function Basket() {
  const limit = useFlagValue('basket', 'maxItems', 5);
  return (
    <div className="product">
      <h3>Your basket</h3>
      <p>
        Up to <strong data-testid="limit">{limit}</strong> items.{' '}
        <RenderCount count={useRenderCount()} />
      </p>
      <p className="muted">
        <code>useFlagValue(&apos;basket&apos;, &apos;maxItems&apos;, 5)</code>
      </p>
    </div>
  );
}

export function Attributes() {
  return (
    <>
      <Banner />
      <Basket />
    </>
  );
}

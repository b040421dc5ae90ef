import { useFlagDetails } from 'react-appconfig';
import { RenderCount, useRenderCount } from '../demo/RenderCount.tsx';

export function Banner() {
  const { flag, variant, reason } = useFlagDetails('banner');
  return (
    <div>
      <p className="notice">
        <strong>{flag.enabled ? String(flag['text']) : 'No banner'}</strong>{' '}
        <RenderCount count={useRenderCount()} />
      </p>
      <p className="muted">
        Variant <code>{variant ?? 'none'}</code>: {reason}
      </p>
    </div>
  );
}

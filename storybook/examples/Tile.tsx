import { useFlag } from 'react-appconfig';
import { RenderCount, useRenderCount } from '../demo/RenderCount.tsx';

export function Tile({ name }: { name: string }) {
  const { enabled } = useFlag(name);
  const count = useRenderCount();
  return (
    <div className={enabled ? 'tile on' : 'tile'} data-testid={`tile ${name}`}>
      <code>{name}</code>
      <div className="tile-row">
        <span>{enabled ? 'on' : 'off'}</span>
        <RenderCount count={count} />
      </div>
    </div>
  );
}

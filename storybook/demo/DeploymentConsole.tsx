import { useState } from 'react';
import type { JsonValue } from '../../src/emulator/index.ts';
import { DEMO_NAME } from './createDemo.ts';
import { useDemo } from './demoContext.ts';

const NAME = { ...DEMO_NAME, profile: 'flags' };
const SECOND_VERSION: JsonValue = { greeting: { enabled: true, text: 'Welcome to the new shop' } };

/** Deploys a second version to half of all entities, to all of them, or takes it back. */
export function DeploymentConsole() {
  const { emulator } = useDemo();
  const [state, setState] = useState('Everybody has version v1.');

  const rollOut = (share: number) => {
    emulator.deploy({
      ...NAME,
      content: SECOND_VERSION,
      versionLabel: 'v2',
      // It stays at its first step for longer than anybody looks at it.
      ...(share < 100 && {
        strategy: { deploymentDurationInMinutes: 60, growthFactor: share, seed: 'story' },
      }),
    });
    setState(
      share < 100 ? `${share} % of all entities have version v2.` : 'All entities have version v2.',
    );
  };

  return (
    <div className="console-part">
      <p className="row spread console-title">
        <span>
          Profile <code>flags</code>
        </span>
      </p>
      <p role="status">{state}</p>
      <div className="button-grid">
        <button type="button" onClick={() => rollOut(50)}>
          Roll v2 out to half
        </button>
        <button type="button" onClick={() => rollOut(100)}>
          Deploy v2 to all
        </button>
        <button
          type="button"
          onClick={() => {
            emulator.rollBack(NAME);
            setState('Rolled back: everybody has version v1.');
          }}
        >
          Roll back
        </button>
      </div>
    </div>
  );
}

import { FlagList } from '../../src/panel/index.ts';
import type { DemoFlags } from './createDemo.ts';
import { useDemo } from './DemoStage.tsx';

/** Every flag with a switch, and a field for each of its attributes. Each change is deployed. */
export function FlagConsole() {
  const demo = useDemo();
  const { flags } = demo;
  return (
    <div className="panel">
      <p className="panel-title">
        <span>
          Profile <code>flags</code>
        </span>
        <span className="badge">version v{demo.version('flags')}</span>
      </p>
      <FlagList
        label="Flags of the deployed version"
        flags={Object.entries(flags).map(([key, flag]) => ({ key, flag, isChanged: false }))}
        onChange={(key, flag) => {
          if (isDemoFlag(flag)) demo.deployFlags({ ...flags, [key]: flag });
        }}
      />
    </div>
  );
}

function isDemoFlag(flag: object): flag is DemoFlags[string] {
  return Object.values(flag).every((value) => typeof value !== 'object');
}

import { FlagList, toPanelFlag } from '../../src/panel/index.ts';
import { useDemo } from './demoContext.ts';

/** Every flag with a switch, and a field for each of its attributes. Each change is deployed. */
export function FlagConsole() {
  const demo = useDemo();
  const { flags } = demo;
  const deploy = (key: string, member: string, value: string | number | boolean) =>
    demo.deployFlags({ ...flags, [key]: { enabled: false, ...flags[key], [member]: value } });
  return (
    <div className="console-part">
      <p className="row spread console-title">
        <span>
          Profile <code>flags</code>
        </span>
        <span className="badge">version v{demo.version('flags')}</span>
      </p>
      <FlagList
        label="Flags of the deployed version"
        takesEachLetter
        flags={Object.entries(flags).map(([key, flag]) => toPanelFlag(key, flag))}
        onSwitch={(key, isEnabled) => deploy(key, 'enabled', isEnabled)}
        onAttribute={(key, name, value) => {
          if (isPrimitive(value)) deploy(key, name, value);
        }}
      />
    </div>
  );
}

function isPrimitive(value: unknown): value is string | number | boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

import { useState } from 'react';
import { useDemo } from './DemoStage.tsx';

/** Every flag with a switch, and an input for each of its numbers and texts. Each change is deployed. */
export function FlagConsole() {
  const demo = useDemo();
  const { flags } = demo;

  const deploy = (key: string, attribute: string, value: string | number | boolean) => {
    const flag = { enabled: false, ...flags[key], [attribute]: value };
    demo.deployFlags({ ...flags, [key]: flag });
  };

  return (
    <div className="panel">
      <p className="panel-title">
        <span>
          Profile <code>flags</code>
        </span>
        <span className="badge">version v{demo.version('flags')}</span>
      </p>
      <ul className="flag-list" tabIndex={0} aria-label="Flags of the deployed version">
        {Object.entries(flags).map(([key, { enabled, ...attributes }]) => (
          <li key={key}>
            <label className="switch-row">
              <code>{key}</code>
              <input
                type="checkbox"
                role="switch"
                checked={enabled}
                onChange={(event) => deploy(key, 'enabled', event.target.checked)}
              />
            </label>
            {Object.entries(attributes).map(([attribute, value]) => (
              <label className="attribute-row" key={attribute}>
                <code>{attribute}</code>
                <AttributeInput
                  value={value}
                  onChange={(changed) => deploy(key, attribute, changed)}
                />
              </label>
            ))}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is typed stays as it is typed: an emptied number is not a number yet, and is not deployed. */
function AttributeInput({
  value,
  onChange,
}: {
  value: string | number | boolean;
  onChange: (value: string | number) => void;
}) {
  const [text, setText] = useState(String(value));
  const isNumber = typeof value === 'number';
  return (
    <input
      type={isNumber ? 'number' : 'text'}
      value={text}
      aria-invalid={isNumber && text === ''}
      onChange={({ target }) => {
        setText(target.value);
        if (!isNumber) onChange(target.value);
        else if (!Number.isNaN(target.valueAsNumber)) onChange(target.valueAsNumber);
      }}
    />
  );
}

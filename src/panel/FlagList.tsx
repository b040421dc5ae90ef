/** @jsxRuntime classic */
// Storybook's manager shares its React by name, and knows no jsx-runtime.
import * as React from 'react';
import { describeType, readAs, toText, type FlagValue, type PanelFlag } from './flagValues.ts';

/** What {@link FlagList} takes. */
export interface FlagListProps {
  flags: readonly PanelFlag[];
  /** Says what the list holds, for those who cannot see it. */
  label: string;
  onChange: (key: string, flag: FlagValue) => void;
  /** Sets a flag back to what it is without the change. */
  onReset?: (key: string) => void;
}

/** Flags with a switch each, and a field for each attribute by its type. */
export function FlagList({ flags, label, onChange, onReset }: FlagListProps): React.ReactElement {
  return (
    <ul className="flag-list" tabIndex={0} aria-label={label}>
      {flags.map(({ key, flag, isChanged, note }) => (
        <li key={key}>
          <div className="switch-row">
            <label>
              <code>{key}</code>
              <input
                type="checkbox"
                role="switch"
                checked={flag.enabled}
                onChange={({ target }) => onChange(key, { ...flag, enabled: target.checked })}
              />
            </label>
            {isChanged && onReset && (
              <button type="button" onClick={() => onReset(key)} aria-label={`Set back ${key}`}>
                Set back
              </button>
            )}
          </div>
          {note !== undefined && <p className="note">{note}</p>}
          {Object.entries(flag)
            .filter(([attribute]) => attribute !== 'enabled' && attribute !== '_variant')
            .map(([attribute, value]) => (
              <AttributeField
                key={attribute}
                name={attribute}
                value={value}
                onChange={(changed) => onChange(key, { ...flag, [attribute]: changed })}
              />
            ))}
        </li>
      ))}
    </ul>
  );
}

/** What is typed stays as it is typed, and only what is of the attribute's type is taken. */
function AttributeField({
  name,
  value,
  onChange,
}: {
  name: string;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const saved = toText(value);
  const [typed, setTyped] = React.useState({ text: saved, saved });
  // Somebody else changed it.
  if (typed.saved !== saved) setTyped({ text: saved, saved });
  if (typeof value === 'boolean') {
    return (
      <label className="attribute-row">
        <code>{name}</code>
        <input
          type="checkbox"
          role="switch"
          checked={value}
          onChange={({ target }) => onChange(target.checked)}
        />
      </label>
    );
  }
  const isWrong = readAs(value, typed.text) === undefined;
  return (
    <label className="attribute-row">
      <code>{name}</code>
      <input
        type={typeof value === 'number' ? 'number' : 'text'}
        step="any"
        value={typed.text}
        aria-invalid={isWrong}
        title={isWrong ? `It must be ${describeType(value)}.` : undefined}
        onChange={({ target: { value: text } }) => {
          const read = readAs(value, text);
          setTyped({ text, saved: read === undefined ? saved : toText(read) });
          if (read !== undefined) onChange(read);
        }}
      />
    </label>
  );
}

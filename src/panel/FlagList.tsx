/** @jsxRuntime classic */
// Storybook's manager shares its React by name, and knows no jsx-runtime.
import * as React from 'react';
import { Button } from './Button.tsx';
import { describeType, readAs, toText, type PanelAttribute, type PanelFlag } from './flagValues.ts';

/** What {@link FlagList} takes. */
export interface FlagListProps {
  flags: readonly PanelFlag[];
  /** Says what the list holds, for those who cannot see it. */
  label: string;
  /** Whether changes cannot be taken now. */
  isBusy?: boolean;
  /** Whether each letter is a change, or only what is saved. */
  takesEachLetter?: boolean;
  onSwitch: (id: string, isEnabled: boolean) => void;
  onAttribute: (id: string, name: string, value: unknown) => void;
  /** Sets a flag back to what it is without the change. */
  onReset?: (id: string) => void;
}

/** Flags with a switch each, and a field for each attribute by its type. */
export function FlagList({
  flags,
  label,
  isBusy = false,
  takesEachLetter = false,
  onSwitch,
  onAttribute,
  onReset,
}: FlagListProps): React.ReactElement {
  return (
    <ul className="flag-list" aria-label={label}>
      {flags.map(({ id, title, isEnabled, attributes, isChanged, note, badge, rule }) => (
        <li key={id}>
          <div className="flag">
            <Button
              role="switch"
              aria-checked={isEnabled}
              aria-label={title}
              isIdle={isBusy}
              onClick={() => onSwitch(id, !isEnabled)}
            />
            <span className="flag-title">{title}</span>
            {badge !== undefined && <span className="badge">{badge}</span>}
            {rule !== undefined && <code className="flag-rule">{rule || 'default'}</code>}
            {isChanged && onReset && (
              <button type="button" onClick={() => onReset(id)} aria-label={`Reset ${title}`}>
                Reset
              </button>
            )}
          </div>
          {note !== undefined && <p className="flag-note">{note}</p>}
          {attributes.length > 0 && (
            <div className="flag-attributes">
              {attributes.map((attribute) => (
                <Attribute
                  key={attribute.name}
                  flag={title}
                  attribute={attribute}
                  isBusy={isBusy}
                  takesEachLetter={takesEachLetter}
                  onSave={(value) => onAttribute(id, attribute.name, value)}
                />
              ))}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

interface AttributeProps {
  flag: string;
  attribute: PanelAttribute;
  isBusy: boolean;
  takesEachLetter: boolean;
  onSave: (value: unknown) => void;
}

function Attribute(props: AttributeProps) {
  const { flag, attribute, isBusy, onSave } = props;
  const { name, value, choices = [], description } = attribute;
  const label = `${name} of ${flag}`;
  if (typeof value === 'boolean') {
    return (
      <span className="flag-attribute">
        <Button
          role="switch"
          aria-checked={value}
          aria-label={label}
          isIdle={isBusy}
          onClick={() => onSave(!value)}
        />
        {name}
      </span>
    );
  }
  if (typeof value === 'string' && choices.includes(value)) {
    return (
      <label className="flag-attribute" title={description}>
        {name}
        <select
          aria-label={label}
          value={value}
          onChange={({ target }) => {
            if (!isBusy) onSave(target.value);
          }}
        >
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      </label>
    );
  }
  return <AttributeField {...props} label={label} />;
}

/** Keeps the text as it is typed, and takes only values of the attribute's type. */
function AttributeField({
  attribute: { name, value, description },
  isBusy,
  takesEachLetter,
  label,
  onSave,
}: AttributeProps & { label: string }) {
  const id = React.useId();
  const saved = toText(value);
  const [typed, setTyped] = React.useState({ text: saved, saved });
  // The value was changed elsewhere, or what was typed has been saved.
  if (typed.saved !== saved) setTyped({ text: saved, saved });
  const { text } = typed;
  const read = readAs(value, text);
  const hasChanged = text !== saved;
  const problem = read === undefined ? `must be ${describeType(value)}` : undefined;
  const type = (next: string) => {
    const nextRead = readAs(value, next);
    const isTaken = takesEachLetter && nextRead !== undefined;
    setTyped({ text: next, saved: isTaken ? toText(nextRead) : saved });
    if (isTaken) onSave(nextRead);
  };
  const save = (event: React.FormEvent) => {
    event.preventDefault();
    if (read !== undefined && hasChanged && !isBusy) onSave(read);
  };
  return (
    <form className="flag-attribute" title={description} onSubmit={save}>
      <label>
        {name}
        <input
          aria-label={label}
          aria-invalid={problem !== undefined}
          aria-describedby={problem && `${id}-problem`}
          inputMode={typeof value === 'number' ? 'decimal' : 'text'}
          value={text}
          onChange={({ target }) => type(target.value)}
        />
      </label>
      {problem && (
        <span id={`${id}-problem`} className="flag-problem">
          {problem}
        </span>
      )}
      {hasChanged && !takesEachLetter && (
        <Button type="submit" isIdle={isBusy || read === undefined}>
          Save
        </Button>
      )}
    </form>
  );
}

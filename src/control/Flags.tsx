import { useId, useMemo, useState, type FormEvent } from 'react';
import type { JsonValue } from '../emulator/index.ts';
import { Button } from './Button.tsx';
import { readAs, readFlags, toText, withValue, type EditableFlag } from './flagEditing.ts';

/** The flags of a document, to be flipped and edited: each change is a version that is deployed. */
export function Flags({
  text,
  isBusy,
  onDeploy,
}: {
  text: string;
  isBusy: boolean;
  onDeploy: (text: string, outcome: string) => void;
}) {
  const document = useMemo(() => parse(text), [text]);
  const flags = readFlags(document);
  if (document === undefined || !flags) return null;
  const change = (path: EditableFlag['path'], value: JsonValue, outcome: string) =>
    onDeploy(JSON.stringify(withValue(document, path, value), null, 2), outcome);
  return (
    <ul className="flags" aria-label="Flags">
      {flags.map((flag) => (
        <li key={flag.path.join('/')}>
          <div className="flag">
            <Button
              role="switch"
              aria-checked={flag.isEnabled}
              aria-label={flag.title}
              isIdle={isBusy}
              onClick={() =>
                change(
                  [...flag.path, 'enabled'],
                  !flag.isEnabled,
                  `${flag.title} was switched ${flag.isEnabled ? 'off' : 'on'}.`,
                )
              }
            />
            <span className="flag-title">{flag.title}</span>
            {flag.rule !== undefined && <code className="rule">{flag.rule || 'default'}</code>}
          </div>
          {flag.attributes.length > 0 && (
            <div className="attributes">
              {flag.attributes.map(({ path, value }) => (
                <Attribute
                  key={path.join('/')}
                  flag={flag.title}
                  name={String(path.at(-1))}
                  value={value}
                  isBusy={isBusy}
                  onSave={(saved) =>
                    change(path, saved, `${String(path.at(-1))} is now ${toText(saved)}.`)
                  }
                />
              ))}
            </div>
          )}
        </li>
      ))}
    </ul>
  );
}

function Attribute({
  flag,
  name,
  value,
  isBusy,
  onSave,
}: {
  flag: string;
  name: string;
  value: JsonValue;
  isBusy: boolean;
  onSave: (value: JsonValue) => void;
}) {
  const id = useId();
  const saved = toText(value);
  const [edited, setEdited] = useState<string>();
  const text = edited ?? saved;
  const typed = readAs(value, text);
  const hasChanged = text !== saved;
  // Once it is deployed, the field follows what is deployed again.
  if (edited === saved) setEdited(undefined);
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== undefined && hasChanged && !isBusy) onSave(typed);
  };
  const problem = typed === undefined ? `must be ${describeType(value)}` : undefined;
  if (typeof value === 'boolean') {
    return (
      <span className="attribute">
        <Button
          role="switch"
          aria-checked={value}
          aria-label={`${name} of ${flag}`}
          isIdle={isBusy}
          onClick={() => onSave(!value)}
        />
        {name}
      </span>
    );
  }
  return (
    <form className="attribute" onSubmit={save}>
      <label>
        {name}
        <input
          aria-label={`${name} of ${flag}`}
          aria-invalid={typed === undefined}
          aria-describedby={problem && `${id}-problem`}
          inputMode={typeof value === 'number' ? 'decimal' : 'text'}
          value={text}
          onChange={(event) => setEdited(event.target.value)}
        />
      </label>
      {problem && (
        <span id={`${id}-problem`} className="reason">
          {problem}
        </span>
      )}
      {hasChanged && (
        <Button type="submit" isIdle={isBusy || typed === undefined}>
          Save
        </Button>
      )}
    </form>
  );
}

function describeType(value: JsonValue): string {
  return Array.isArray(value) ? 'a list, such as ["a", "b"]' : `a ${typeof value}`;
}

function parse(text: string): JsonValue | undefined {
  try {
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    // Not JSON: it is edited as text.
    return undefined;
  }
}

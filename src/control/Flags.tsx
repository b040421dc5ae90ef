import { useId, useMemo, useState, type FormEvent } from 'react';
import type { AttributeDefinition } from '../emulator/deployments/index.ts';
import type { JsonValue } from '../emulator/index.ts';
import { Button } from './Button.tsx';
import {
  readAs,
  readDefinitions,
  readFlags,
  toText,
  withValue,
  type EditableFlag,
} from './flagEditing.ts';

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
  const definitions = useMemo(() => readDefinitions(document), [document]);
  const definitionOf = ({ key }: EditableFlag) => definitions.get(key);
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
            {definitionOf(flag)?.isDeprecated && <span className="badge">deprecated</span>}
            {flag.rule !== undefined && <code className="rule">{flag.rule || 'default'}</code>}
          </div>
          {definitionOf(flag)?.description && (
            <p className="hint">{definitionOf(flag)?.description}</p>
          )}
          {flag.attributes.length > 0 && (
            <div className="attributes">
              {flag.attributes.map(({ path, value }) => (
                <Attribute
                  key={path.join('/')}
                  flag={flag.title}
                  name={String(path.at(-1))}
                  value={value}
                  definition={definitionOf(flag)?.attributes.get(String(path.at(-1)))}
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
  definition,
  isBusy,
  onSave,
}: {
  flag: string;
  name: string;
  value: JsonValue;
  definition: AttributeDefinition | undefined;
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
  const choices = textChoicesOf(definition);
  if (typeof value === 'string' && choices.includes(value)) {
    return (
      <label className="attribute" title={definition?.description}>
        {name}
        <select
          aria-label={`${name} of ${flag}`}
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
  return (
    <form className="attribute" title={definition?.description} onSubmit={save}>
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

/** What a document lets a text attribute be, where it lists that. */
function textChoicesOf(definition: AttributeDefinition | undefined): readonly string[] {
  const { constraint } = definition ?? {};
  const choices = constraint?.type === 'string' ? (constraint.choices ?? []) : [];
  return choices.filter((choice) => typeof choice === 'string');
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

import { useMemo } from 'react';
import type { AttributeDefinition } from '../emulator/deployments/index.ts';
import type { JsonValue } from '../emulator/index.ts';
import { FlagList, toText } from '../panel/index.ts';
import {
  isJsonValue,
  readDefinitions,
  readFlags,
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
  if (document === undefined || !flags) return null;
  const change = (path: EditableFlag['path'], value: JsonValue, outcome: string) =>
    onDeploy(JSON.stringify(withValue(document, path, value), null, 2), outcome);
  const flagOf = (id: string) => flags.find(({ path }) => path.join('/') === id);
  return (
    <FlagList
      label="Flags"
      isBusy={isBusy}
      flags={flags.map(({ path, title, key, rule, isEnabled, attributes }) => {
        const definition = definitions.get(key);
        return {
          id: path.join('/'),
          title,
          rule,
          isEnabled,
          badge: definition?.isDeprecated ? 'deprecated' : undefined,
          note: definition?.description,
          attributes: attributes.map(({ name, value }) => {
            const attribute = definition?.attributes.get(name);
            return {
              name,
              value,
              choices: textChoicesOf(attribute),
              description: attribute?.description,
            };
          }),
        };
      })}
      onSwitch={(id, isEnabled) => {
        const flag = flagOf(id);
        if (!flag) return;
        change(
          [...flag.path, 'enabled'],
          isEnabled,
          `${flag.title} was switched ${isEnabled ? 'on' : 'off'}.`,
        );
      }}
      onAttribute={(id, name, value) => {
        const attribute = flagOf(id)?.attributes.find((candidate) => candidate.name === name);
        if (!attribute || !isJsonValue(value)) return;
        change(attribute.path, value, `${name} is now ${toText(value)}.`);
      }}
    />
  );
}

/** The values that a document allows for a text attribute, if it lists them. */
function textChoicesOf(definition: AttributeDefinition | undefined): readonly string[] {
  const { constraint } = definition ?? {};
  const choices = constraint?.type === 'string' ? (constraint.choices ?? []) : [];
  return choices.filter((choice) => typeof choice === 'string');
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

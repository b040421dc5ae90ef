import { useState } from 'react';
import { compareFlags } from '../client/index.ts';
import { isSameStructure } from '../configuration/index.ts';
import { checkFeatureFlags } from '../flags/index.ts';
import { DataTable, type Column } from '../panel/index.ts';
import type { SeenVersion } from './recording.ts';

const COLUMNS: readonly Column[] = ['Flag', 'Before', 'In this version'];

/** Goes back to a version that this page has seen, as an override, and tells what each has changed. */
export function Versions({
  seen,
  overridden,
  onChoose,
}: {
  seen: readonly SeenVersion[];
  /** The document that overrides the service's, if one does. */
  overridden: unknown;
  onChoose: (document: unknown) => void;
}) {
  const newest = seen.length - 1;
  const [chosen, setChosen] = useState<SeenVersion>();
  const isOverride = ({ value }: SeenVersion) => isSameStructure(value, overridden);
  // A version may equal an earlier one, as after a rollback.
  const found =
    chosen && isOverride(chosen) ? seen.indexOf(chosen) : seen.findLastIndex(isOverride);
  const at = found < 0 ? newest : found;
  const isUnseen = found < 0 && overridden !== undefined;
  const version = seen[at];
  const before = seen[at - 1];
  if (!version || newest < 1) return null;
  return (
    <>
      <label className="row">
        Version
        <input
          type="range"
          min={0}
          max={newest}
          value={at}
          aria-valuetext={labelOf(version, at)}
          onChange={({ target }) => {
            const index = target.valueAsNumber;
            setChosen(seen[index]);
            onChoose(index === newest ? undefined : seen[index]?.value);
          }}
        />
        <span>
          {isUnseen
            ? 'One that this page has not seen overrides it.'
            : `${labelOf(version, at)}, ${at === newest ? 'the newest' : `of ${seen.length}`}`}
        </span>
      </label>
      {before && (
        <details>
          <summary>What differs from {labelOf(before, at - 1)}</summary>
          <Difference before={before} after={version} />
        </details>
      )}
    </>
  );
}

function Difference({ before, after }: { before: SeenVersion; after: SeenVersion }) {
  const flags = compareFlags(flagsOf(before), flagsOf(after))?.flags ?? [];
  if (flags.length === 0) return <p className="muted">No flag differs.</p>;
  return (
    <DataTable label="Flags that differ" columns={COLUMNS}>
      {flags.map(({ flag, from, to }) => (
        <tr key={flag}>
          <td>{flag}</td>
          <td>
            <code>{JSON.stringify(from) ?? 'was not there'}</code>
          </td>
          <td>
            <code>{JSON.stringify(to) ?? 'is gone'}</code>
          </td>
        </tr>
      ))}
    </DataTable>
  );
}

function flagsOf({ value, versionLabel }: SeenVersion) {
  try {
    return { loaded: checkFeatureFlags(value), versionLabel };
  } catch {
    // The error stands in the log; what holds no flags differs in none.
    return { loaded: undefined, versionLabel };
  }
}

function labelOf({ versionLabel }: SeenVersion, index: number): string {
  return versionLabel ?? `number ${index + 1}`;
}

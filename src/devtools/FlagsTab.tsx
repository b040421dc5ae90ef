import { useState } from 'react';
import type { AppConfigClient } from '../client/index.ts';
import { checkFeatureFlags, findOwn } from '../flags/index.ts';
import { FlagList, toPanelFlag } from '../panel/index.ts';
import { flagRowsOf, holdsFlags, type FlagRow } from './flagRows.ts';
import { messageOf } from './messageOf.ts';
import type { Recording } from './recording.ts';
import { settableOverridesOf } from './settableOverrides.ts';
import { Versions } from './Versions.tsx';

/** Flags with their values, reasons and readers, and a switch that overrides each. */
export function FlagsTab({ client, recording }: { client: AppConfigClient; recording: Recording }) {
  const [search, setSearch] = useState('');
  const [problem, setProblem] = useState<string>();
  const overrides = settableOverridesOf(client);
  const profiles = client.profiles.filter(holdsFlags);
  const attempt = (change: () => void) => {
    try {
      change();
      setProblem(undefined);
    } catch (thrown) {
      setProblem(messageOf(thrown));
    }
  };
  const set = (profile: string, row: FlagRow | undefined, member: string, value: unknown) =>
    attempt(() => {
      if (!row) return;
      const { [row.key]: checked } = checkFeatureFlags({
        [row.key]: { ...row.flag, [member]: value },
      });
      if (checked) overrides?.setFlag(row.key, checked, { profile });
    });
  const hasOverrides = Object.keys(client.overrides?.getSnapshot() ?? {}).length > 0;
  return (
    <>
      <div className="row">
        <input
          type="search"
          aria-label="Search flags"
          placeholder="Search"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
        {hasOverrides && (
          <button type="button" onClick={() => attempt(() => overrides?.clear())}>
            Reset all
          </button>
        )}
      </div>
      {problem !== undefined && <p role="alert">{problem}</p>}
      {profiles.length === 0 && <p>No component has read a flag yet.</p>}
      {profiles.map((profile) => {
        const rows = flagRowsOf(profile).filter(({ key }) => key.includes(search));
        const find = (key: string) => rows.find((row) => row.key === key);
        const override = findOwn(client.overrides?.getSnapshot(), profile.name);
        return (
          <section key={profile.name} aria-label={`Profile ${profile.name}`}>
            <h2>
              Profile <code>{profile.name}</code>
            </h2>
            <Versions
              seen={recording.versionsOf(profile)}
              overridden={override?.document}
              onChoose={(document) => attempt(() => overrides?.setDocument(profile.name, document))}
            />
            <FlagList
              label={`Flags of ${profile.name}`}
              takesEachLetter
              isBusy={overrides === undefined}
              flags={rows.map((row) =>
                toPanelFlag(row.key, row.flag, {
                  isChanged: Object.hasOwn(override?.flags ?? {}, row.key),
                  note: describeRow(row),
                }),
              )}
              onSwitch={(key, isEnabled) => set(profile.name, find(key), 'enabled', isEnabled)}
              onAttribute={(key, name, value) => set(profile.name, find(key), name, value)}
              onReset={(key) =>
                attempt(() => overrides?.clear({ flag: key, profile: profile.name }))
              }
            />
          </section>
        );
      })}
    </>
  );
}

function describeRow({ flag, reason, readers }: FlagRow): string {
  const variant = flag._variant === undefined ? '' : `variant ${flag._variant}, `;
  const who = readers === 1 ? '1 component reads it' : `${readers} components read it`;
  return `${variant}${reason}, ${who}`;
}

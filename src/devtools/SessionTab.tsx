import { documentOf, type AppConfigClient } from '../client/index.ts';
import { DataTable, describeWait, timeOf, type Column } from '../panel/index.ts';
import type { Recording } from './recording.ts';

const COLUMNS: readonly Column[] = [
  'Profile',
  'Version',
  { number: 'Polls' },
  'Next poll',
  'Error',
];

/** How polling goes, and what has happened. */
export function SessionTab({
  client,
  recording,
  now,
}: {
  client: AppConfigClient;
  recording: Recording;
  now: number;
}) {
  return (
    <>
      <DataTable label="Profiles and their polls" columns={COLUMNS}>
        {client.profiles.map((profile) => {
          const { name, state } = profile;
          const { pollCount, nextPollAt, error } = state;
          const { snapshot } = documentOf(profile).getSnapshot().good ?? {};
          return (
            <tr key={name}>
              <td>
                <code>{name}</code>
              </td>
              <td>{snapshot?.versionLabel ?? '–'}</td>
              <td className="number">{pollCount}</td>
              <td>{nextPollAt === undefined ? '–' : `in ${describeWait(nextPollAt - now)}`}</td>
              <td>{error ? `${error.code}: ${error.message}` : '–'}</td>
            </tr>
          );
        })}
      </DataTable>
      <ol className="log" tabIndex={0} aria-label="What has happened, the newest first">
        {recording.log.toReversed().map(({ id, at, kind, text }) => (
          <li key={id}>
            <time>{timeOf(at)}</time> <strong>{kind}</strong> {text}
          </li>
        ))}
      </ol>
    </>
  );
}

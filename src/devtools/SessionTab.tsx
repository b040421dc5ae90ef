import type { AppConfigClient } from '../client/index.ts';
import type { Recording } from './recording.ts';

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
      <div className="table" tabIndex={0} role="region" aria-label="Profiles and their polls">
        <table>
          <thead>
            <tr>
              <th scope="col">Profile</th>
              <th scope="col">Version</th>
              <th scope="col">Polls</th>
              <th scope="col">Next poll</th>
              <th scope="col">Error</th>
            </tr>
          </thead>
          <tbody>
            {client.profiles.map(({ name, observer }) => {
              const { snapshot, pollCount, nextPollAt, error } = observer.getSnapshot();
              return (
                <tr key={name}>
                  <td>
                    <code>{name}</code>
                  </td>
                  <td>{snapshot?.versionLabel ?? '–'}</td>
                  <td>{pollCount}</td>
                  <td>{describeWait(nextPollAt, now)}</td>
                  <td>{error ? `${error.code}: ${error.message}` : '–'}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      <ol className="log" tabIndex={0} aria-label="What has happened, the newest first">
        {recording.log.toReversed().map(({ id, at, kind, text }) => (
          <li key={id}>
            <time>{new Date(at).toTimeString().slice(0, 8)}</time> <strong>{kind}</strong> {text}
          </li>
        ))}
      </ol>
    </>
  );
}

function describeWait(nextPollAt: number | undefined, now: number): string {
  if (nextPollAt === undefined) return '–';
  const seconds = Math.max(0, Math.round((nextPollAt - now) / 1_000));
  return seconds < 60 ? `in ${seconds} s` : `in ${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

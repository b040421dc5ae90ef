import type { EmulatorSession } from '../emulator/index.ts';
import { Button, DataTable, describeWait, timeOf, useNow, type Column } from '../panel/index.ts';
import { useAction } from './control.ts';
import { Outcome } from './Outcome.tsx';

const COLUMNS: readonly Column[] = [
  'session',
  'configuration',
  { number: 'polls' },
  'version',
  'last seen',
  'next poll',
];

/** The sessions that are alive, and when each may poll again. */
export function Sessions({
  sessions,
  count,
  clockOffsetMs,
}: {
  sessions: readonly EmulatorSession[];
  count: number;
  clockOffsetMs: number;
}) {
  const action = useAction();
  const now = useNow(1_000) + clockOffsetMs;
  return (
    <section className="card" aria-labelledby="sessions">
      <div className="row spread">
        <h2 id="sessions">Sessions</h2>
        <Button
          isIdle={count === 0}
          onClick={() => void action.run('expire-sessions', {}, 'All sessions were ended.')}
        >
          End all sessions
        </Button>
      </div>
      {count === 0 ? (
        <p className="muted">No client has a session. The Agent’s route needs none.</p>
      ) : (
        <DataTable
          label="Sessions"
          caption={sessions.length < count && `The ${sessions.length} of ${count} that polled last`}
          columns={COLUMNS}
        >
          {sessions.toReversed().map((session) => (
            <tr key={session.id}>
              <td>{session.id}</td>
              <td>
                {session.application} / {session.environment} / {session.profile}
              </td>
              <td className="number">{session.pollCount}</td>
              <td>{session.version ?? '–'}</td>
              <td>{timeOf(session.lastSeenAt)}</td>
              <td>
                {session.nextPollAt > now
                  ? `in ${describeWait(session.nextPollAt - now)}`
                  : 'any time'}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      <Outcome action={action} />
    </section>
  );
}

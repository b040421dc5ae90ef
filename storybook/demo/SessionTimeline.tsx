import { useAppConfigStatus } from 'react-appconfig';
import { describeWait, RequestTable, useNow } from '../../src/panel/index.ts';
import { useDemo } from './demoContext.ts';

const SHOWN_REQUESTS = 6;
const TICK_MS = 200;

/** The session as the service sees it: each token, each poll, each fault, and the wait for the next. */
export function SessionTimeline({ profile }: { profile: string }) {
  const { emulator } = useDemo();
  const violations = emulator.violations.length;
  return (
    <section className="card timeline" aria-labelledby="timeline-heading">
      <div className="row">
        <h2 id="timeline-heading">Session</h2>
        <Countdown profile={profile} />
        <span className={violations === 0 ? 'badge good' : 'badge bad'}>
          {violations} protocol violations
        </span>
      </div>
      <RequestTable requests={emulator.requests.slice(-SHOWN_REQUESTS)} />
    </section>
  );
}

function Countdown({ profile }: { profile: string }) {
  const { status, error, versionLabel, nextPollAt, pollCount } = useAppConfigStatus(profile);
  const now = useNow(TICK_MS);
  return (
    <dl className="facts">
      <div>
        <dt>Status</dt>
        <dd className={error ? 'bad-text' : undefined}>
          {status}
          {error ? `, ${error.code}` : ''}
        </dd>
      </div>
      <div>
        <dt>Version</dt>
        <dd>{versionLabel ?? '–'}</dd>
      </div>
      <div>
        <dt>Polls answered</dt>
        <dd>{pollCount}</dd>
      </div>
      <div>
        <dt>Next poll in</dt>
        <dd className="numeric">
          {nextPollAt === undefined ? '–' : describeWait(nextPollAt - now)}
        </dd>
      </div>
    </dl>
  );
}

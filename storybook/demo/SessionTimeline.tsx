import { useEffect, useState } from 'react';
import type { EmulatorRequest } from '../../src/emulator/index.ts';
import { useAppConfigStatus } from 'react-appconfig';
import { useDemo } from './DemoStage.tsx';

const SHOWN_REQUESTS = 6;
const TICK_MS = 100;

/** The session as the service sees it: each token, each poll, each fault, and the wait for the next. */
export function SessionTimeline({ profile }: { profile: string }) {
  const { emulator } = useDemo();
  const requests = emulator.requests.slice(-SHOWN_REQUESTS).toReversed();
  const violations = emulator.violations.length;
  return (
    <section className="card timeline" aria-labelledby="timeline-heading">
      <div className="timeline-header">
        <h2 id="timeline-heading">Session</h2>
        <Countdown profile={profile} />
        <span className={violations === 0 ? 'badge good' : 'badge bad'}>
          {violations} protocol violations
        </span>
      </div>
      <div
        className="table-frame"
        tabIndex={0}
        role="region"
        aria-label="Requests, the newest first"
      >
        <table>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">Operation</th>
              <th scope="col">Token spent</th>
              <th scope="col">Token received</th>
              <th scope="col">Answer</th>
            </tr>
          </thead>
          <tbody>
            {requests.map((request) => (
              <RequestRow key={request.id} request={request} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function RequestRow({ request }: { request: EmulatorRequest }) {
  const isLost = request.status === 0 || request.status >= 400;
  return (
    <tr className={request.status !== 0 && request.status < 400 ? undefined : 'failed'}>
      <td>
        <time>{new Date(request.at).toLocaleTimeString('en-GB')}</time>
      </td>
      <td>{request.operation}</td>
      <td>{request.token ? <code>{request.token}</code> : '–'}</td>
      <td>{request.nextToken && !isLost ? <code>{request.nextToken}</code> : '–'}</td>
      <td>{describeAnswer(request)}</td>
    </tr>
  );
}

function describeAnswer({
  operation,
  status,
  error,
  contentBytes,
  version,
  fault,
}: EmulatorRequest) {
  const because = fault ? ` (injected: ${fault})` : '';
  if (status === 0) return `connection reset${because}`;
  if (error) return `${status} ${error}${because}`;
  if (operation === 'StartConfigurationSession') return `${status} session started${because}`;
  if (contentBytes === 0) return `${status} unchanged${because}`;
  return `${status} ${version}, ${contentBytes.toLocaleString('en')} bytes${because}`;
}

function describeWait(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

function Countdown({ profile }: { profile: string }) {
  const { status, error, versionLabel, nextPollAt, pollCount } = useAppConfigStatus(profile);
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const interval = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(interval);
  }, []);
  const leftSeconds = nextPollAt === undefined ? undefined : Math.max(0, nextPollAt - now) / 1_000;
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
        <dd className="numeric">{leftSeconds === undefined ? '–' : describeWait(leftSeconds)}</dd>
      </div>
    </dl>
  );
}

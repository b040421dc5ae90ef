import type { EmulatorRequest, Violation } from '../emulator/index.ts';
import { RequestTable, timeOf } from '../panel/index.ts';

/** The requests that were answered, the newest first, and the rules that clients broke. */
export function Requests({
  requests,
  violations,
}: {
  requests: readonly EmulatorRequest[];
  violations: readonly Violation[];
}) {
  return (
    <section className="card" aria-labelledby="requests">
      <h2 id="requests">Requests</h2>
      {violations.length > 0 && (
        <ul className="violations" aria-label="Rules of the protocol that clients broke">
          {[...new Set(violations.slice(-5).toReversed().map(describeViolation))].map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      {requests.length === 0 ? (
        <p className="muted">No request yet.</p>
      ) : (
        <RequestTable requests={requests} />
      )}
    </section>
  );
}

function describeViolation({ at, rule, token }: Violation): string {
  return `${timeOf(at)} ${rule}${token ? `, token ${token}` : ''}`;
}

import type { EmulatorRequest, Violation } from '../emulator/index.ts';
import { DataTable, type Column } from './DataTable.tsx';
import { timeOf } from './timeOf.ts';

const COLUMNS: readonly Column[] = [
  'at',
  'operation',
  'configuration',
  'token',
  'status',
  'outcome',
];

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
        <p className="hint">No request yet.</p>
      ) : (
        <DataTable labelledBy="requests" columns={COLUMNS}>
          {requests.toReversed().map((request) => (
            <tr key={request.id} data-failed={request.error !== undefined || undefined}>
              <td>{timeOf(request.at)}</td>
              <td>{request.operation ?? '?'}</td>
              <td>{request.configuration ?? ''}</td>
              <td>{request.token ?? ''}</td>
              <td>{request.status || 'reset'}</td>
              <td>
                {request.error ??
                  (request.contentBytes > 0
                    ? `version ${request.version}, ${request.contentBytes} bytes`
                    : request.operation === 'GetLatestConfiguration'
                      ? 'unchanged'
                      : '')}
                {request.fault && ` (fault: ${request.fault})`}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  );
}

function describeViolation({ at, rule, token }: Violation): string {
  return `${timeOf(at)} ${rule}${token ? `, token ${token}` : ''}`;
}

import type { DeploymentEvent } from '../emulator/index.ts';
import { DataTable, timeOf, type Column } from '../panel/index.ts';

const COLUMNS: readonly Column[] = ['at', 'event', 'configuration', { number: 'deployment' }];

/** What EventBridge would have received, the newest first. */
export function Events({ events }: { events: readonly DeploymentEvent[] }) {
  return (
    <section className="card" aria-labelledby="events">
      <h2 id="events">Deployment events</h2>
      {events.length === 0 ? (
        <p className="muted">No deployment yet.</p>
      ) : (
        <DataTable label="Deployment events" columns={COLUMNS}>
          {events.toReversed().map(({ id, time, detail, 'detail-type': type }) => (
            <tr key={id}>
              <td>{timeOf(Date.parse(time))}</td>
              <td>{type}</td>
              <td>
                {detail.Application.Name} / {detail.Environment.Name} /{' '}
                {detail.ConfigurationProfile.Name}
              </td>
              <td className="number">{detail.DeploymentNumber}</td>
            </tr>
          ))}
        </DataTable>
      )}
    </section>
  );
}

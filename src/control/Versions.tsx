import type { ConfigurationState } from '../emulator/index.ts';
import { Button, DataTable, timeOf, type Column } from '../panel/index.ts';

const COLUMNS: readonly Column[] = [
  'version',
  'label',
  'content type',
  { number: 'bytes' },
  'deployed',
  'state',
];

/** The versions of a configuration, the newest first. */
export function Versions({
  configuration: { versions, live, rollOut, canRollBack },
  onRollBack,
}: {
  configuration: ConfigurationState;
  onRollBack: () => void;
}) {
  return (
    <section className="card" aria-labelledby="versions">
      <div className="row spread">
        <h2 id="versions">Versions</h2>
        <Button isIdle={!canRollBack} onClick={onRollBack}>
          Roll back
        </Button>
      </div>
      <DataTable label="Versions" columns={COLUMNS}>
        {versions.toReversed().map((version) => (
          <tr key={version.number}>
            <td>{version.number}</td>
            <td>{version.versionLabel ?? '–'}</td>
            <td>{version.contentType}</td>
            <td className="number">{version.contentBytes.toLocaleString('en')}</td>
            <td>{timeOf(version.deployedAt)}</td>
            <td>
              {version.number === rollOut?.version
                ? `rolling out, ${Math.round(rollOut.percentage)} %`
                : version.number === live
                  ? 'live'
                  : ''}
            </td>
          </tr>
        ))}
      </DataTable>
    </section>
  );
}

import type { ConfigurationState } from '../emulator/index.ts';
import { Button } from './Button.tsx';

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
      <div className="scroll" tabIndex={0} role="group" aria-labelledby="versions">
        <table>
          <thead>
            <tr>
              <th scope="col">version</th>
              <th scope="col">label</th>
              <th scope="col">content type</th>
              <th scope="col" className="number">
                bytes
              </th>
              <th scope="col">deployed</th>
              <th scope="col">state</th>
            </tr>
          </thead>
          <tbody>
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
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** A moment of the emulator's clock, as people read it. */
export function timeOf(at: number): string {
  return new Date(at).toTimeString().slice(0, 8);
}

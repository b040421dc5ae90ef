import { existsSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where each test file writes how many requests its strict emulators answered. */
export const PROTOCOL_REPORT_FILE = join(
  tmpdir(),
  `react-appconfig-requests-${process.env['REACT_APPCONFIG_TEST_RUN'] ?? process.pid}`,
);

/** Says at the end of a run what the emulators saw; a violation has failed its test already. */
export function setup(): () => void {
  process.env['REACT_APPCONFIG_TEST_RUN'] = `${process.pid}`;
  rmSync(PROTOCOL_REPORT_FILE, { force: true });
  return () => {
    if (!existsSync(PROTOCOL_REPORT_FILE)) return;
    const counts = readFileSync(PROTOCOL_REPORT_FILE, 'utf8').trim().split('\n').map(Number);
    const requests = counts.reduce((sum, count) => sum + count, 0);
    rmSync(PROTOCOL_REPORT_FILE);
    process.stdout.write(
      `Requests that the emulators answered in unit tests: ${requests}; each test fails at its first protocol violation.\n`,
    );
  };
}

// Runs all checks of the example apps, two at a time. Run it with `npm run test:apps`, after `npm run build`.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The longest one has a lane of its own. */
const LANES = [
  ['checkNext'],
  ['checkReadme', 'checkHandlers', 'checkJest', 'checkServerRendering'],
];

await Promise.all(
  LANES.map(async (checks) => {
    for (const check of checks) {
      const script = fileURLToPath(new URL(`${check}.mjs`, import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', script]);
      process.stdout.write(stdout);
    }
  }),
);

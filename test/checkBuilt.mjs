// Runs the checks of the built package, several at a time, since each of them mostly waits: for a server, a browser,
// an interval. `npm test` runs all of them after `npm run build`, `npm run test:apps` those of the example apps.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The longest one has a lane of its own. */
const APPS = [
  ['apps/checkNext.mjs'],
  [
    'apps/checkReadme.mjs',
    'apps/checkWithoutReact.mjs',
    'apps/checkHandlers.mjs',
    'apps/checkJest.mjs',
  ],
];
const OTHERS = [
  ['package/measureSize.mjs', 'package/checkPackage.mjs', 'apps/checkServerRendering.mjs'],
  ['faults/campaign.mjs --short', 'faults/tabs.mjs --short', 'faults/route.mjs'],
];
const APPS_ALONE = [...APPS, ['apps/checkServerRendering.mjs']];

const lanes = process.argv.includes('apps') ? APPS_ALONE : [...APPS, ...OTHERS];
await Promise.all(
  lanes.map(async (checks) => {
    for (const check of checks) {
      const [file = '', ...parameters] = check.split(' ');
      const script = fileURLToPath(new URL(file, import.meta.url));
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--no-warnings',
        script,
        ...parameters,
      ]);
      process.stdout.write(stdout);
    }
  }),
);

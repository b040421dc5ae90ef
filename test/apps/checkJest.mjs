// Runs jest with its defaults on the packed package, with `require` and with `import`.
// `npm run test:apps` runs it, after `npm run build`.
import { assert, installApp, say } from './apps.mjs';

const app = await installApp('jest');
try {
  for (const script of ['test:require', 'test:import']) {
    const { stderr } = await app.run(script);
    const tests = /^Tests:.*$/m.exec(stderr)?.[0] ?? '';
    assert(/\d+ passed/.test(tests) && !/failed|skipped/.test(tests), `${script}: ${stderr}`);
    say(`jest ${app.manifest.dependencies.jest}, ${script}: ${tests}`);
  }
} finally {
  app.remove();
}

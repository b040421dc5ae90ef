// @vitest-environment node
import { createServer } from 'node:net';
import { expect, test, vi } from 'vitest';
import { GET, getFlag } from './server.ts';

/** A port of this machine where nobody listens. */
async function findClosedPort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('without an Agent the server goes on with defaults, and says when to come back', async () => {
  // Something else may listen where the Agent would, such as a real one.
  const port = await findClosedPort();
  const send = globalThis.fetch;
  vi.stubGlobal('fetch', (url, init) => send(url.replace(':2772', `:${port}`), init));
  expect(await getFlag('new-checkout')).toEqual({ enabled: false });
  const path = '/flags/applications/shop/environments/production/configurations/flags';
  const answer = await GET(new Request(`http://localhost${path}`));
  expect([answer.status, Number(answer.headers.get('Retry-After')) > 0]).toEqual([503, true]);
});

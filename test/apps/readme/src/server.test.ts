// @vitest-environment node
import { expect, test } from 'vitest';
import { GET, getFlag } from './server';

test('without an Agent the server goes on with defaults, and says when to come back', async () => {
  expect(await getFlag('new-checkout')).toEqual({ enabled: false });
  const path = '/flags/applications/shop/environments/production/configurations/flags';
  const answer = await GET(new Request(`http://localhost${path}`));
  expect([answer.status, Number(answer.headers.get('Retry-After')) > 0]).toEqual([503, true]);
});

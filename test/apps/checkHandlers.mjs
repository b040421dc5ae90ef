// Serves the handler in each of the ways that the guide shows, and asks each of them the same questions.
// `npm run test:apps` runs it, after `npm run build`.
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { assert, installApp, ROUTE, say, startUpstream } from './apps.mjs';

const PATH = `/flags${ROUTE}`;

const upstream = await startUpstream();
process.env['APPCONFIG_ENDPOINT'] = upstream.url;
const app = await installApp('handlers');
try {
  for (const name of ['nodeHttp', 'express', 'hono']) {
    const { server } = await import(join(app.folder, `${name}.js`));
    await new Promise((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve(undefined));
    });
    const origin = `http://127.0.0.1:${server.address().port}`;
    await checkAnswers(name, async (path, { method = 'GET', headers = {} } = {}) => {
      const response = await fetch(origin + path, { method, headers });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        text: await response.text(),
      };
    });
    server.close();
    server.closeAllConnections();
  }
  const { handler } = await import(join(app.folder, 'lambda.js'));
  await checkAnswers('lambda', async (path, { method = 'GET', headers = {} } = {}) => {
    const [rawPath = '', rawQueryString = ''] = path.split('?');
    // https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
    const answer = await handler({
      version: '2.0',
      rawPath,
      rawQueryString,
      headers: { host: 'abc.lambda-url.eu-central-1.on.aws', ...headers },
      requestContext: {
        domainName: 'abc.lambda-url.eu-central-1.on.aws',
        http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7' },
      },
      isBase64Encoded: false,
    });
    const bytes = Buffer.from(answer.body, answer.isBase64Encoded ? 'base64' : 'utf8');
    const isZipped = answer.headers['content-encoding'] === 'gzip';
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: (isZipped ? gunzipSync(bytes) : bytes).toString(),
    };
  });
  const { length } = upstream.emulator.requests;
  assert(length === 4, `${length} upstream requests of 4 processes`);
} finally {
  await upstream.close();
  app.remove();
}

/**
 * @typedef {{ status: number, headers: Record<string, string>, text: string }} Answer
 * @param {string} name
 * @param {(path: string, init?: { method?: string, headers?: Record<string, string> }) => Promise<Answer>} ask
 */
async function checkAnswers(name, ask) {
  const whole = await ask(PATH, { headers: { 'accept-encoding': 'gzip' } });
  const told = JSON.stringify(whole);
  assert(whole.status === 200, `${name}: ${told}`);
  assert(JSON.parse(whole.text)['new-checkout'].maxItems === 3, `${name}: ${told}`);
  assert(!whole.text.includes('secret'), `${name}: ${told}`);
  assert(whole.headers['cache-control']?.startsWith('public, max-age=60,'), `${name}: ${told}`);
  const etag = whole.headers['etag'] ?? '';
  const unchanged = await ask(PATH, { headers: { 'if-none-match': etag } });
  assert(unchanged.status === 304, `${name}: ${unchanged.status} for ${etag}`);
  const one = await ask(`${PATH}?flag=new-checkout`);
  assert(JSON.parse(one.text).maxItems === 3, `${name}: ${one.text}`);
  for (const [status, method, path] of /** @type {const} */ ([
    [200, 'HEAD', PATH],
    [204, 'OPTIONS', PATH],
    [405, 'POST', PATH],
    [404, 'GET', `${PATH}?flag=secret-launch`],
    [404, 'GET', PATH.replace('configurations/flags', 'configurations/secrets')],
  ])) {
    const answer = await ask(path, { method });
    assert(answer.status === status, `${name}: ${method} ${path} was answered ${answer.status}`);
  }
  say(`the handler in ${name}: held`);
}

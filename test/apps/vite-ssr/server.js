import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import sirv from 'sirv';
import { answerFlags, render } from './dist/server/entry-server.js';

const html = readFileSync('dist/client/index.html', 'utf8');
const [beforeState, beforeApp, end] = html.split(/<!--state-->|<!--app-->/);
const serveAsset = sirv('dist/client', { extensions: [] });
const serveFlags = getRequestListener(answerFlags);

async function servePage(response) {
  try {
    // The signed-in user, from a session of the app.
    const { initial, stream } = await render({ plan: 'pro' });
    const json = JSON.stringify(initial).replaceAll('<', '\\u003c');
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.write(`${beforeState}<script>globalThis.__INITIAL__ = ${json}</script>${beforeApp}`);
    for await (const chunk of stream) response.write(chunk);
    response.end(end);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    response.writeHead(500).end();
  }
}

const server = createServer((request, response) => {
  if (request.url.startsWith('/flags/')) void serveFlags(request, response);
  else if (request.url === '/') void servePage(response);
  else serveAsset(request, response);
});

server.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});

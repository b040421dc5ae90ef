// The floor: an HTTP server that knows nothing but the very bytes that the handler sends.
import { createServer } from 'node:http';

const [url = '', etag = ''] = process.argv.slice(2);
const whole = await fetch(url, { headers: { 'Accept-Encoding': 'identity' } });
const body = Buffer.from(await whole.arrayBuffer());
const unchanged = await fetch(url, { headers: { 'If-None-Match': etag } });
/** @param {Response} response */
const headersOf = ({ headers }) =>
  Object.fromEntries(
    [...headers].filter(([name]) => !['connection', 'date', 'keep-alive'].includes(name)),
  );
const headersOf200 = headersOf(whole);
const headersOf304 = headersOf(unchanged);
const server = createServer((incoming, outgoing) => {
  if (incoming.headers['if-none-match'] === etag) outgoing.writeHead(304, headersOf304).end();
  else outgoing.writeHead(200, headersOf200).end(body);
});
process.on('disconnect', () => process.exit());
process.on('message', () => process.send?.({ heapBytes: process.memoryUsage().heapUsed }));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});

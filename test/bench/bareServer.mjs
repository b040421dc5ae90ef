// The floor: an HTTP server that gives one constant answer, with the headers of an unchanged poll.
import { createServer } from 'node:http';

const headers = {
  'Content-Type': 'application/json',
  'Next-Poll-Configuration-Token': 'emulator-1-1-0123456789abcdef0123456789abcdef',
  'Next-Poll-Interval-In-Seconds': '0',
  'Content-Length': 0,
};
const server = createServer((incoming, outgoing) => {
  incoming.resume();
  outgoing.writeHead(200, headers).end();
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});

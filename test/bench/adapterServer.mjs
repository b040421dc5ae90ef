// What Request and Response cost: the emulator's listener with one constant answer, as the bare server gives it.
import { createHttpServer } from '../../dist/http/createHttpServer.js';

const headers = {
  'Content-Type': 'application/json',
  'Next-Poll-Configuration-Token': 'emulator-1-1-0123456789abcdef0123456789abcdef',
  'Next-Poll-Interval-In-Seconds': '0',
};
const server = createHttpServer({
  handle: async () => new Response(null, { headers }),
  refuse: (status) => new Response(null, { status }),
  maxBodyBytesOf: () => 0,
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});

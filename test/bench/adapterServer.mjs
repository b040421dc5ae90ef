// What the emulator's listener costs: one constant answer, as the bare server gives it.
/** What is inside of the package has no declarations. @type {typeof import('../../src/http/createHttpServer.ts')} */
const { createHttpServer } = await import(
  new URL('../../dist/http/createHttpServer.js', import.meta.url).href
);

const headers = {
  'content-type': 'application/json',
  'next-poll-configuration-token': 'emulator-1-1-0123456789abcdef0123456789abcdef',
  'next-poll-interval-in-seconds': '0',
};
const server = createHttpServer({
  handle: async () => ({ status: 200, headers, body: null }),
  refuse: (status) => ({ status, headers, body: null }),
  maxBodyBytesOf: () => 0,
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});

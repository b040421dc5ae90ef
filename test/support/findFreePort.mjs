import { createServer } from 'node:net';

/** A port for servers that cannot say which one they took. */
export async function findFreePort() {
  const server = createServer();
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  server.close();
  return String(typeof address === 'object' ? address?.port : '');
}

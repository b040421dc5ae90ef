import { createServer, request as sendRequest } from 'node:http';

/** How often each kind strikes, relative to the others. */
const WEIGHTS = {
  'request dropped': 8,
  'answer lost': 8,
  'connection reset amid the body': 8,
  'half a body with status 200': 8,
  'late by 40 s': 5,
  'late by 5 s': 5,
  'request duplicated': 5,
  'HTML with status 200': 8,
  'redirect to a login page': 5,
  'headers missing': 5,
  'status 401': 1,
  'status 403': 1,
  'status 404': 1,
  'status 429': 5,
  'status 429 with Retry-After': 5,
  'status 500': 8,
  'status 503': 8,
};
const LOGIN_PAGE = '<!doctype html><title>Sign in</title><p>Sign in to use this network.</p>';
/** So that a page can read the answers that the proxy makes up. */
const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Expose-Headers': '*' };

/**
 * A proxy that does to requests what networks and services do to them.
 *
 * @param {object} options
 * @param {string} options.target where to forward to
 * @param {() => number} options.random
 * @param {number} options.share the share of requests that are disturbed, from 0 to 1
 * @param {(callback: () => void, delayMs: number) => void} options.after
 */
export async function startFaultyProxy({ target, random, share, after }) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  let isCalm = true;
  let isDark = false;

  const count = (/** @type {string} */ kind) => counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const pick = () => {
    const kinds = Object.entries(WEIGHTS);
    let left = random() * kinds.reduce((sum, [, weight]) => sum + weight, 0);
    return kinds.find(([, weight]) => (left -= weight) < 0)?.[0];
  };

  /**
   * @param {import('node:http').IncomingMessage} incoming
   * @param {Buffer} body
   * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, body: Buffer }>}
   */
  const forward = (incoming, body) =>
    new Promise((resolve, reject) => {
      const { method, headers, url = '/' } = incoming;
      const outgoing = sendRequest(new URL(url, target), { method, headers }, (answer) => {
        /** @type {Buffer[]} */
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const { statusCode: status = 502 } = answer;
          resolve({ status, headers: answer.headers, body: Buffer.concat(chunks) });
        });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });

  /** @type {Set<Promise<unknown>>} */
  const underWay = new Set();
  /** @template Answer @param {Promise<Answer>} forwarded */
  const track = async (forwarded) => {
    underWay.add(forwarded);
    try {
      return await forwarded;
    } finally {
      underWay.delete(forwarded);
    }
  };

  const server = createServer(async (incoming, outgoing) => {
    /** @type {Buffer[]} */
    const chunks = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    if (incoming.url?.startsWith('/login')) {
      outgoing.writeHead(200, { ...CORS, 'Content-Type': 'text/html' }).end(LOGIN_PAGE);
      return;
    }
    const isPreflight = incoming.method === 'OPTIONS';
    if (isDark) {
      if (!isPreflight) count('gone dark for minutes');
      outgoing.destroy();
      return;
    }
    const kind = isCalm || isPreflight || random() >= share ? undefined : pick();
    if (kind) count(kind);

    if (kind === 'request dropped') return void outgoing.destroy();
    if (kind === 'HTML with status 200') {
      outgoing.writeHead(200, { ...CORS, 'Content-Type': 'text/html' }).end(LOGIN_PAGE);
      return;
    }
    if (kind === 'redirect to a login page') {
      outgoing.writeHead(302, { ...CORS, Location: '/login' }).end();
      return;
    }
    if (kind?.startsWith('status')) {
      const retryAfter = kind.endsWith('Retry-After') ? { 'Retry-After': '20' } : {};
      outgoing.writeHead(Number(kind.slice(7, 10)), { ...CORS, ...retryAfter });
      outgoing.end(JSON.stringify({ message: 'made up by the proxy' }));
      return;
    }

    let answer;
    try {
      answer = await track(forward(incoming, body));
      if (kind === 'request duplicated' && !isDark) await track(forward(incoming, body));
    } catch {
      // The client or the emulator went away.
      outgoing.destroy();
      return;
    }
    const { status, headers } = answer;
    const send = () => outgoing.writeHead(status, headers).end(answer.body);
    switch (kind) {
      case 'answer lost':
        outgoing.destroy();
        break;
      case 'connection reset amid the body':
        outgoing.writeHead(status, { ...headers, 'content-length': answer.body.length + 100 });
        outgoing.write(answer.body.subarray(0, answer.body.length / 2), () => outgoing.destroy());
        break;
      case 'half a body with status 200': {
        const half = answer.body.subarray(0, Math.floor(answer.body.length / 2));
        outgoing.writeHead(status, { ...headers, 'content-length': half.length }).end(half);
        break;
      }
      case 'headers missing':
        outgoing.writeHead(status, { ...CORS, 'content-type': headers['content-type'] ?? '' });
        outgoing.end(answer.body);
        break;
      case 'late by 40 s':
        after(send, 40_000);
        break;
      case 'late by 5 s':
        after(send, 5_000);
        break;
      default:
        send();
    }
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    counts,
    rage: () => {
      isCalm = false;
    },
    calm: () => {
      isCalm = true;
      isDark = false;
    },
    /** Resolves once what was already on its way to the emulator is there. */
    goDark: async (/** @type {boolean} */ dark) => {
      isDark = dark;
      if (dark) server.closeAllConnections();
      await Promise.allSettled(underWay);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

import { execFile, fork } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROUTE = '/applications/shop/environments/production/configurations/flags';

/** @typedef {Awaited<ReturnType<typeof startServer>>} Server */

/**
 * Starts a server of this folder on one core, so that the other one is left for the load generator.
 *
 * @param {string} script
 * @param {readonly string[]} [parameters]
 * @param {number} [core]
 */
export async function startServer(script, parameters = [], core = 0) {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), parameters, {
    execPath: 'taskset',
    execArgv: ['-c', String(core), process.execPath, '--no-warnings'],
  });
  const answer = () => new Promise((resolve) => child.once('message', resolve));
  const { url } = /** @type {{ url: string }} */ (await answer());
  return {
    url,
    /**
     * @param {object} [message]
     * @returns {Promise<{ heapBytes: number, served: number, sessions: number }>}
     */
    ask(message = {}) {
      child.send(message);
      return answer();
    },
    /** What its threads have used of their cores, in milliseconds, as the scheduler counts it. */
    cpuMs() {
      const tasks = `/proc/${child.pid}/task`;
      const nanoseconds = readdirSync(tasks).map((task) =>
        Number(readFileSync(join(tasks, task, 'schedstat'), 'utf8').split(' ')[0]),
      );
      return nanoseconds.reduce((sum, value) => sum + value, 0) / 1e6;
    },
    stop: () => child.kill(),
  };
}

/**
 * Loads a server with wrk from the other core.
 *
 * @param {string} url
 * @param {{ connections: number, seconds: number, headers?: Record<string, string>, script?: string }} options `script` is a file in Lua
 */
export async function load(url, { connections, seconds, headers = {}, script }) {
  const sent = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const wrk = [
    'wrk',
    '-t1',
    `-c${connections}`,
    `-d${seconds}s`,
    '--timeout',
    '30s',
    '--latency',
    ...sent,
    ...(script ? ['-s', script] : []),
    url,
  ];
  // Every connection is a file.
  const withFiles = ['sh', '-c', 'ulimit -n 65536; exec "$@"', 'sh'];
  const { stdout } = await promisify(execFile)('taskset', ['-c', '1', ...withFiles, ...wrk], {
    encoding: 'utf8',
  });
  const inMs = (/** @type {RegExp} */ pattern) => {
    const [, number, unit = ''] = pattern.exec(stdout) ?? [];
    return Number(number) * ({ us: 0.001, ms: 1, s: 1_000 }[unit] ?? Number.NaN);
  };
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    requests: Number(/(\d+) requests in/.exec(stdout)?.[1]),
    refused: Number(/Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1] ?? 0),
    broken: /Socket errors: (.*)/.exec(stdout)?.[1] ?? '',
    p99Ms: inMs(/99%\s+([\d.]+)(us|ms|s)/),
    slowestMs: inMs(/Latency\s+\S+\s+\S+\s+([\d.]+)(us|ms|s)/),
  };
}

/**
 * How many answers servers give per millisecond on their core, all loaded at the same time: other work of the
 * machine affects them all.
 *
 * @param {readonly { server: Server, url: string, script?: string }[]} contenders
 * @param {Parameters<typeof load>[1]} options
 */
export function loadTogether(contenders, options) {
  return Promise.all(
    contenders.map(async ({ server, url, script }) => {
      const before = server.cpuMs();
      const seen = await load(url, { ...options, ...(script && { script }) });
      return { ...seen, answersAMs: seen.requests / (server.cpuMs() - before) };
    }),
  );
}

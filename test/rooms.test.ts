import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which rooms of the house each room may import from. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  session: ['errors'],
  configuration: ['errors'],
  flags: ['errors'],
  agentRoute: ['errors'],
  'sources/agent': ['errors', 'session', 'configuration', 'agentRoute'],
  'sources/agent/browser': ['sources/agent'],
  'sources/appconfigdata': ['errors', 'session'],
  'sources/appconfigdata/browser': ['sources/appconfigdata'],
  'sources/crossTab': ['errors', 'session'],
  'sources/logged': ['errors', 'session'],
  'sources/memory': ['errors', 'session'],
  client: ['errors', 'configuration', 'flags', 'session'],
  react: ['errors', 'configuration', 'flags', 'client'],
  'react/hooks': ['errors', 'configuration', 'flags', 'client', 'react'],
  overrides: ['errors', 'session', 'flags', 'client'],
  persistence: ['session', 'flags', 'client'],
  playwright: ['flags', 'client', 'testing', 'emulator'],
  panel: [],
  devtools: [
    'errors',
    'session',
    'configuration',
    'flags',
    'client',
    'react',
    'overrides',
    'panel',
  ],
  openfeature: ['errors', 'session', 'configuration', 'flags', 'client'],
  'storybook-addon': ['flags', 'panel'],
  testing: ['errors', 'session', 'flags', 'client', 'react', 'overrides', 'sources/memory'],
  'emulator/deployments': ['errors'],
  'emulator/api': ['errors', 'agentRoute', 'emulator/deployments'],
  'emulator/faults': ['emulator/deployments', 'emulator/api'],
  emulator: ['errors', 'emulator/deployments', 'emulator/api', 'emulator/faults'],
  'emulator/variants': ['errors', 'emulator/deployments'],
  'emulator/control': [
    'errors',
    'emulator/deployments',
    'emulator/api',
    'emulator/faults',
    'emulator',
  ],
  server: ['errors', 'session', 'agentRoute', 'configuration', 'flags', 'client'],
  'server/next': ['server'],
  'server/browser': ['errors'],
  http: [],
  'emulator/node': ['errors', 'http', 'emulator', 'emulator/control'],
  cli: [
    'errors',
    'agentRoute',
    'emulator',
    'emulator/deployments',
    'emulator/api',
    'emulator/faults',
    'emulator/node',
    'emulator/variants',
  ],
  control: [
    'entries',
    'panel',
    'emulator',
    'emulator/control',
    'emulator/deployments',
    'emulator/faults',
  ],
};
const ROOMS = [...Object.keys(MAY_IMPORT), 'entries'];

/** Which packages each room may import from. */
const MAY_USE: Readonly<Record<string, RegExp>> = {
  'sources/appconfigdata': /^@aws-sdk\/client-appconfigdata$/,
  client: /^@tanstack\/react-query$/,
  react: /^(react|@tanstack\/react-query)$/,
  'react/hooks': /^react$/,
  server: /^(react|@tanstack\/react-query|lru-cache)$/,
  'server/next': /^next\/cache\.js$/,
  persistence: /^@tanstack\/react-query$/,
  // In the example of its comment.
  playwright: /^(@playwright\/test|react-appconfig\/playwright)$/,
  panel: /^react$/,
  devtools: /^(react|react-dom)$/,
  openfeature: /^@openfeature\/web-sdk$/,
  'storybook-addon': /^(react|react-appconfig\/(overrides|testing)|storybook\/.+)$/,
  testing: /^(react|@tanstack\/react-query|react-dom\/client)$/,
  'emulator/variants': /^(ion-js|re2js)$/,
  http: /^(node:http|@hono\/node-server(\/.+)?)$/,
  'emulator/node': /^node:/,
  cli: /^(node:|chokidar$)/,
  control: /^(react|react-dom\/client|@tanstack\/react-query)$/,
};

const roomOf = (file: string) =>
  ROOMS.filter((room) => file.startsWith(`${room}/`)).toSorted((a, b) => b.length - a.length)[0] ??
  'no room';

const imports = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => /\.tsx?$/.test(file))
  .flatMap((file) =>
    [...readFileSync(join('src', file), 'utf8').matchAll(/from '([^']+)'/g)].map(
      ([, from = '']) => {
        const target = from.startsWith('.') ? normalize(join(dirname(file), from)) : undefined;
        return { file, from, room: roomOf(file), target };
      },
    ),
  );

describe('the rooms of the house', () => {
  it('are entered only by the rooms that may, and only through their doors', () => {
    const trespasses = imports.filter(({ room, target }) => {
      if (target === undefined || roomOf(target) === room) return false;
      const isDoor =
        target === normalize(`${roomOf(target)}/index.ts`) ||
        roomOf(target) === 'entries' ||
        // Types that the rooms above share.
        target === normalize('emulator/emulatorTypes.ts');
      const mayImport = room === 'entries' || MAY_IMPORT[room]?.includes(roomOf(target));
      return !mayImport || !isDoor;
    });
    expect(trespasses).toEqual([]);
  });

  it('use only the packages that they are there to know', () => {
    const strangers = imports.filter(
      ({ room, from, target }) => target === undefined && !MAY_USE[room]?.test(from),
    );
    expect(strangers).toEqual([]);
  });

  it('have panels for the manager of Storybook, which has a React but no jsx-runtime', () => {
    const files = readdirSync('src/panel').filter((file) => file.endsWith('.tsx'));
    expect(files).not.toHaveLength(0);
    for (const file of files) {
      expect(readFileSync(join('src/panel', file), 'utf8')).toMatch(
        /^\/\*\* @jsxRuntime classic \*\/\n/,
      );
    }
  });

  it('hold no files that import each other in a circle, not even for types', () => {
    const left = new Map<string, ReadonlySet<string>>();
    for (const { file, target } of imports) {
      if (target !== undefined) left.set(file, new Set(left.get(file)).add(target));
    }
    for (let before = Infinity; left.size < before;) {
      before = left.size;
      for (const [file, targets] of left) {
        if (![...targets].some((target) => left.has(target))) left.delete(file);
      }
    }
    // Files of a circle, and those that import them.
    expect([...left.keys()]).toEqual([]);
  });

  it('say "use client" in react/ alone, so that the rest serves Server Components too', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' });
    const clients = files.filter(
      (file) =>
        /\.tsx?$/.test(file) && readFileSync(join('src', file), 'utf8').startsWith("'use client';"),
    );
    const usesReact = imports.filter(
      ({ room, from }) => room.startsWith('react') && from === 'react',
    );
    expect(new Set(clients.map(roomOf))).toEqual(new Set(['react', 'react/hooks']));
    expect(usesReact.filter(({ file }) => !clients.includes(file) && !isTypeOnly(file))).toEqual(
      [],
    );
  });
});

function isTypeOnly(file: string): boolean {
  return !/^import (?!type)/m.test(readFileSync(join('src', file), 'utf8'));
}

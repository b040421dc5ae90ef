import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which rooms of the house each room may import from. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  session: ['errors'],
  configuration: ['errors'],
  'sources/appconfigdata': ['errors', 'session'],
  'sources/crossTab': ['errors', 'session'],
  'sources/logged': ['errors', 'session'],
  sources: ['sources/crossTab', 'sources/logged'],
  client: ['errors', 'configuration', 'session'],
  react: ['errors', 'configuration', 'client'],
  emulator: ['errors'],
  'emulator/variants': ['emulator'],
  'emulator/node': ['errors', 'emulator'],
  cli: ['errors', 'emulator', 'emulator/node', 'emulator/variants'],
  control: ['.', 'session', 'emulator'],
  '.': ['errors', 'configuration', 'session', 'client', 'react'],
};

/** Which packages each room may import from. */
const MAY_USE: Readonly<Record<string, RegExp>> = {
  'sources/appconfigdata': /^@aws-sdk\/client-appconfigdata$/,
  client: /^@tanstack\/react-query$/,
  react: /^(react|@tanstack\/react-query)$/,
  'emulator/variants': /^(ion-js|re2js)$/,
  'emulator/node': /^node:/,
  cli: /^node:/,
  control: /^(react|react-dom\/client|@tanstack\/react-query)$/,
};

const roomOf = (file: string) =>
  Object.keys(MAY_IMPORT)
    .filter((room) => room === '.' || file.startsWith(`${room}/`))
    .toSorted((a, b) => b.length - a.length)[0] ?? '.';

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
        target === normalize(`${roomOf(target)}/index.ts`) || roomOf(target) === 'emulator';
      return !MAY_IMPORT[room]?.includes(roomOf(target)) || !isDoor;
    });
    expect(trespasses).toEqual([]);
  });

  it('use only the packages that they are there to know', () => {
    const strangers = imports.filter(
      ({ room, from, target }) => target === undefined && !MAY_USE[room]?.test(from),
    );
    expect(strangers).toEqual([]);
  });
});

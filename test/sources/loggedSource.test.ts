import { expect, it, vi } from 'vitest';
import { ConfigurationSession } from '../../src/session/index.ts';
import { loggedSource } from '../../src/entries/sources.ts';
import { codeOf, MINUTE_MS, NAME, setup } from '../session/setup.ts';
import { createInPageSource, rememberTokens } from '../support/emulators.ts';
import { collectUncaught } from '../support/uncaught.ts';

function setupLogged() {
  const { emulator, clock, deploy } = setup();
  const lines: string[] = [];
  const logger = {
    info: (line: string) => lines.push(`info ${line}`),
    warn: (line: string) => lines.push(`warn ${line}`),
  };
  const { source, tokens } = rememberTokens(createInPageSource(emulator));
  const session = new ConfigurationSession({
    ...NAME,
    source: loggedSource(source, logger),
    decode: ({ bytes }) => bytes.byteLength,
    clock,
    random: () => 0,
  });
  const newLines = () => lines.splice(0).map((line) => line.replace(/\(\d+ ms\)$/, '(n ms)'));
  return { emulator, clock, deploy, session, newLines, tokens };
}

it('writes a line about each request: the profile, what came, when the next poll is due, how long it took', async () => {
  const { session, clock, deploy, newLines } = setupLogged();
  await session.poll();
  await clock.advance(MINUTE_MS);
  await session.poll();
  deploy('longer', 'v2');
  await clock.advance(MINUTE_MS);
  await session.poll();
  expect(newLines()).toEqual([
    'info shop/production/flags: new session, 3 bytes, next poll in 60 s (n ms)',
    'info shop/production/flags: unchanged, next poll in 60 s (n ms)',
    'info shop/production/flags: version "v2", 6 bytes, next poll in 60 s (n ms)',
  ]);
});

it('warns of each failure with its code and what to do, and the session sees it as it was', async () => {
  const { session, emulator, newLines } = setupLogged();
  emulator.inject({ kind: 'error', status: 403 });
  expect(await codeOf(session.poll())).toBe('AccessDenied');
  const [line, ...others] = newLines();
  expect(line).toMatch(/^warn shop\/production\/flags: AccessDenied: .*credentials.* \(n ms\)$/);
  expect(others).toEqual([]);
});

it('writes neither tokens nor contents', async () => {
  const { session, emulator, clock, deploy, newLines, tokens } = setupLogged();
  deploy('a secret');
  await session.poll();
  emulator.inject({ kind: 'reset', operation: 'GetLatestConfiguration' });
  await clock.advance(MINUTE_MS);
  await codeOf(session.poll());
  await clock.advance(MINUTE_MS);
  await session.poll();
  const written = newLines().join('\n');
  expect(written).toContain('NetworkFailure');
  expect(written).not.toContain('a secret');
  expect(tokens.size).toBeGreaterThan(1);
  expect([...tokens].filter((token) => written.includes(token))).toEqual([]);
});

it('writes to the console where no logger is given', async () => {
  const info = vi.spyOn(console, 'info').mockReturnValue();
  const { emulator } = setup();
  const source = loggedSource(createInPageSource(emulator));
  await source.getLatestConfiguration(NAME, new AbortController().signal);
  await vi.waitFor(() => expect(info).toHaveBeenCalledWith(expect.stringContaining('3 bytes')));
  info.mockRestore();
});

it('hands on what it was answered, even to a logger that throws', async () => {
  const { emulator } = setup();
  const thrown = new Error('The disk is full.');
  const logger = {
    info: () => {
      throw thrown;
    },
    warn: () => undefined,
  };
  const uncaught = collectUncaught();
  const source = loggedSource(createInPageSource(emulator), logger);
  const answer = await source.getLatestConfiguration(NAME, new AbortController().signal);
  expect(answer.configuration.byteLength).toBe(3);
  await vi.waitFor(() => expect(uncaught).toEqual([thrown]));
});

it('says so when it is given something else than a logger', () => {
  const { emulator } = setup();
  const source = createInPageSource(emulator);
  const logger: object = () => undefined;
  expect(() => Reflect.apply(loggedSource, undefined, [source, logger])).toThrow(
    /^logger must have the functions info and warn/,
  );
});

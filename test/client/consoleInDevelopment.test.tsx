import { QueryClient } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  AppConfigProvider,
  useAppConfig,
  useFlagEnabled,
} from '../../src/entries/index.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { advance, createProbe, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

silenceThrownErrors();

afterEach(() => {
  vi.restoreAllMocks();
});

describe('in development, the console', () => {
  function spyOnConsole() {
    const lines: string[] = [];
    vi.spyOn(console, 'warn').mockImplementation((line) => lines.push(String(line)));
    return lines;
  }

  it('says once that a flag is missing, with the name that was meant', async () => {
    const lines = spyOnConsole();
    const { renderApp } = setup();
    const probe = createProbe(() => useFlagEnabled('drak-mode'));
    renderApp(
      <>
        <probe.Probe />
        <probe.Probe />
      </>,
    );
    expect(lines).toEqual([]);
    await advance(3 * MINUTE_MS);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(
      'has no flag "drak-mode", so its default is used. Did you mean "dark-mode"?',
    );
  });

  it('reports the first failure if there is no onError, and only that', async () => {
    const lines = spyOnConsole();
    const { renderApp, emulator } = setup({ onError: undefined, random: () => 0.5 });
    emulator.inject({ kind: 'error', status: 403, times: 5 });
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    renderApp(<probe.Probe />);
    await advance(MINUTE_MS);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('AccessDenied');
  });

  it('says nothing in production', async () => {
    const lines = spyOnConsole();
    vi.stubEnv('NODE_ENV', 'production');
    const { renderApp, emulator } = setup({ onError: undefined, random: () => 0.5 });
    emulator.inject({ kind: 'error', status: 403 });
    const probe = createProbe(() => useFlagEnabled('drak-mode'));
    renderApp(<probe.Probe />);
    await advance(MINUTE_MS);
    vi.unstubAllEnvs();
    expect(lines).toEqual([]);
  });

  it('names two copies of react-query', () => {
    const lines = spyOnConsole();
    const { props } = setup();
    const other = Object.create(null, Object.getOwnPropertyDescriptors(QueryClient.prototype));
    expect(new AppConfigClient({ ...props, queryClient: other })).toBeDefined();
    expect(lines.join()).toContain('npm ls @tanstack/react-query');
  });
});

describe('a wrong argument', () => {
  it.each([
    [
      'a plain object as schema',
      () => Reflect.apply(useAppConfig, undefined, ['flags', { schema: { type: 'object' } }]),
      'not a Standard Schema',
    ],
  ])('%s is refused with a clear error', async (_, useValue, message) => {
    const { renderApp } = setup();
    const probe = createProbe(useValue);
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.value).toMatchObject({ status: 'error', error: { code: 'InvalidArgument' } });
    expect(String(Reflect.get(Object(probe.value), 'error'))).toContain(message);
  });

  it('a client that is not one is refused with a clear error', () => {
    const client = JSON.parse(JSON.stringify(NAME));
    expect(() => render(<AppConfigProvider client={client} />)).toThrow(
      /must be an AppConfigClient/,
    );
  });

  it('a query client that is not one is refused with a clear error', () => {
    const { props } = setup();
    const queryClient = JSON.parse('{}');
    expect(() => new AppConfigClient({ ...props, queryClient })).toThrow(/must be a QueryClient/);
  });
});

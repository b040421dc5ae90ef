import { act, render } from '@testing-library/react';
import { afterEach, expect, it, vi } from 'vitest';
import { AppConfigProvider, useAppConfig, useFlagEnabled } from '../../src/entries/index.ts';
import { appConfigDataSource } from '../../src/entries/appconfigdata.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { createInPageSource, TEST_CREDENTIALS } from '../support/emulators.ts';
import { emulatorRequestHandler } from '../../src/emulator/index.ts';
import { advance, createProbe, FLAGS, setup } from '../react/setup.tsx';

silenceThrownErrors();

afterEach(() => {
  vi.restoreAllMocks();
});

it('reports a failure to each of two providers that have the same options', async () => {
  const { props, emulator } = setup({ random: () => 0.5 });
  const heard: string[] = [];
  emulator.inject({ kind: 'error', status: 403, times: Number.POSITIVE_INFINITY });
  const probe = createProbe(() => useFlagEnabled('dark-mode'));
  render(
    <>
      {['left', 'right'].map((side) => (
        <AppConfigProvider
          key={side}
          {...props}
          onError={({ code }) => heard.push(`${side} ${code}`)}
        >
          <probe.Probe />
        </AppConfigProvider>
      ))}
    </>,
  );
  await advance(100);
  expect(heard).toEqual(expect.arrayContaining(['left AccessDenied', 'right AccessDenied']));
});

it('reports a source whose initial or subscribe throws, and goes on polling', async () => {
  const { renderApp, emulator, errors } = setup();
  const fail = (part: string) => () => {
    throw new Error(`no ${part}`);
  };
  const source = {
    ...createInPageSource(emulator),
    initial: fail('initial'),
    subscribe: fail('subscribe'),
  };
  const probe = createProbe(() => useFlagEnabled('dark-mode'));
  const { unmount } = renderApp(<probe.Probe />, { source });
  await advance(100);
  expect(probe.value).toBe(true);
  expect(errors.map(String).join()).toMatch(/no subscribe.*no initial/);
  unmount();
  await advance();
  expect(vi.getTimerCount()).toBe(0);
});

it('uses new credentials at once on refetch, and names them in the error while they are missing', async () => {
  let isSignedIn = false;
  const { renderApp, emulator, errors } = setup();
  const source = appConfigDataSource({
    region: 'us-east-1',
    credentials: () =>
      isSignedIn ? Promise.resolve(TEST_CREDENTIALS) : Promise.reject(new Error('not signed in')),
    requestHandler: emulatorRequestHandler(emulator),
  });
  const probe = createProbe(() => useAppConfig('flags'));
  renderApp(<probe.Probe />, { source, random: () => 1 });
  await advance(60_000);
  expect(probe.value).toMatchObject({ status: 'error', error: { code: 'MissingCredentials' } });
  expect(errors[0]?.message).toMatch(/not signed in.*Nothing was sent/);
  expect(errors[0]?.message).not.toContain('CORS');
  isSignedIn = true;
  await act(async () => {
    const refetched = probe.value?.refetch();
    await advance();
    await refetched;
  });
  expect(probe.value).toMatchObject({ status: 'success', data: FLAGS });
});

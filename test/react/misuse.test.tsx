import { render } from '@testing-library/react';
import type { ReactElement } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  AppConfigClient,
  AppConfigError,
  Feature,
  useAppConfig,
  useAppConfigClient,
  useAppConfigStatus,
  useFlag,
  useFlagDetails,
  useFlagEnabled,
  useFlags,
  useFlagValue,
  useSuspenseAppConfig,
  useSuspenseFlag,
  useSuspenseFlags,
} from '../../src/entries/index.ts';
import { RequestError } from '../../src/entries/errors.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { setup } from './setup.tsx';

silenceThrownErrors();

afterEach(() => {
  vi.unstubAllEnvs();
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

function inComponent(useHook: () => unknown): ReactElement {
  const Caller = () => {
    useHook();
    return null;
  };
  return <Caller />;
}

describe('without a provider', () => {
  it.each([
    ['useFlag', () => useFlag('a')],
    ['useFlagEnabled', () => useFlagEnabled('a')],
    ['useFlagValue', () => useFlagValue('a', 'b', 1)],
    ['useFlagDetails', () => useFlagDetails('a')],
    ['useFlags', () => useFlags()],
    ['useAppConfig', () => useAppConfig('a')],
    ['useSuspenseAppConfig', () => useSuspenseAppConfig('a')],
    ['useSuspenseFlag', () => useSuspenseFlag('a')],
    ['useSuspenseFlags', () => useSuspenseFlags()],
    ['useAppConfigStatus', () => useAppConfigStatus()],
    ['useAppConfigClient', () => useAppConfigClient()],
  ])('%s says its name and what to add', (name, useHook) => {
    const error = errorOf(() => render(inComponent(useHook)));
    expect(error).toBeInstanceOf(AppConfigError);
    expect(error).toMatchObject({ code: 'MissingProvider', name: 'MissingProviderError' });
    expect(String(error)).toMatch(
      new RegExp(`${name} found no <AppConfigProvider> above it\\. Wrap`),
    );
  });

  it('<Feature> says its name and what to add', () => {
    expect(String(errorOf(() => render(<Feature flag="a" />)))).toContain('<Feature> found no');
  });
});

describe('a build for production', () => {
  it('says code, operation and names, and where to look', () => {
    vi.stubEnv('NODE_ENV', 'production');
    const failure = new RequestError('Timeout', false, {
      operation: 'GetLatestConfiguration',
      profile: 'flags',
    });
    expect(failure.message).toBe('Timeout GetLatestConfiguration flags. See the guide.');
    expect(() => render(<Feature flag="dark-mode" />)).toThrow(
      'MissingProvider <Feature>. See the guide.',
    );
  });
});

describe('bad input', () => {
  it.each([
    ['no application', { application: undefined }, 'application must be'],
    ['an environment of 129 characters', { environment: 'e'.repeat(129) }, 'not 129.'],
    ['a flags profile of 129 characters', { flags: 'f'.repeat(129) }, 'profile must be'],
    [
      'an interval of 14 s',
      { requiredMinimumPollIntervalInSeconds: 14 },
      'from 15 to 86400, not 14',
    ],
    ['an interval over a day', { requiredMinimumPollIntervalInSeconds: 86_401 }, 'not 86401'],
    ['no source', { source: undefined }, 'appConfigDataSource(…)'],
    [
      'default flags that are not a flag document',
      { defaults: { flags: ['dark-mode'] } },
      'defaults["flags"] is not a feature-flag document',
    ],
    [
      'a default flag without enabled',
      { defaults: { flags: { a: { size: 1 } } } },
      'defaults["flags"]',
    ],
  ])('refuses %s', (_, options, message) => {
    const { props } = setup();
    const error = errorOf(() => Reflect.construct(AppConfigClient, [{ ...props, ...options }]));
    expect(error).toMatchObject({ code: 'InvalidArgument' });
    expect(String(error)).toContain(message);
  });

  it('refuses a profile of 129 characters in a hook', () => {
    const { withProvider } = setup();
    const error = errorOf(() =>
      render(withProvider(inComponent(() => useAppConfig('p'.repeat(129))))),
    );
    expect(error).toMatchObject({ code: 'InvalidArgument' });
  });

  it('asks for a profile where none is named', () => {
    const { withProvider } = setup({ flags: undefined });
    const error = errorOf(() => render(withProvider(inComponent(() => useFlag('a')))));
    expect(error).toMatchObject({ code: 'InvalidArgument' });
    expect(String(error)).toContain('Name one in the hook, or as flags of the provider.');
  });

  it.each([[undefined], [null], [{}], [() => 1], [Symbol('s')]])(
    'refuses %s as the default of an attribute',
    (defaultValue) => {
      const { withProvider } = setup();
      const useHook = () => Reflect.apply(useFlagValue, undefined, ['a', 'b', defaultValue]);
      const error = errorOf(() => render(withProvider(inComponent(useHook))));
      expect(error).toMatchObject({ code: 'InvalidArgument' });
      expect(String(error)).toContain('The default for a.b must be');
    },
  );
});

import { render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useAppConfig, useFlag, useFlagValue } from '../../src/entries/index.ts';
import { createAppConfigServer } from '../../src/entries/server.ts';
import { memorySource } from '../../src/entries/sources.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, NAME, setup } from '../react/setup.tsx';

afterEach(() => vi.unstubAllEnvs());

describe('what was decoded', () => {
  it('cannot be changed by one of its readers', async () => {
    const { renderApp, deploy } = setup();
    const steps = createProbe(() => useFlagValue('new-checkout', 'steps', ['none']));
    const flag = createProbe(() => useFlag('new-checkout'));
    const document = createProbe(() => useAppConfig('flags').data);
    renderApp(
      <>
        <steps.Probe />
        <flag.Probe />
        <document.Probe />
      </>,
    );
    await advance();
    for (const version of [1, 2]) {
      const read = steps.value;
      // oxlint-disable-next-line unicorn/no-array-sort -- what must not work
      expect(() => Array.isArray(read) && read.sort()).toThrow(TypeError);
      expect(() =>
        Reflect.ownKeys(Object(flag.value)).map((key) => delete Object(flag.value)[key]),
      ).toThrow(TypeError);
      expect(Object.isFrozen(document.value)).toBe(true);
      deploy({ ...FLAGS, added: { enabled: true, version } });
      await advance(MINUTE_MS);
    }
    expect(steps.value).toEqual(['cart', 'pay']);
  });

  it('on a server cannot be changed by one request for the next', async () => {
    const source = memorySource({ flags: { checkout: { enabled: true, steps: ['pay', 'cart'] } } });
    const { getFlag } = createAppConfigServer({ ...NAME, source, flags: 'flags' });
    const flag: unknown = await getFlag('checkout');
    // oxlint-disable-next-line unicorn/no-array-sort -- what must not work
    expect(() => Reflect.get(Object(flag), 'steps').sort()).toThrow(TypeError);
  });

  it("by an app's own decoder is the app's, and stays as it is", async () => {
    const catalog = { items: ['b', 'a'] };
    const { renderApp } = setup({ decoders: { flags: () => catalog } });
    const document = createProbe(() => useAppConfig('flags').data);
    renderApp(<document.Probe />);
    await advance();
    expect(document.value).toBe(catalog);
    expect(Object.isFrozen(catalog.items)).toBe(false);
    expect(screen.getByText(/items/)).toBeTruthy();
  });

  it('is not walked through in production', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    const { withProvider } = setup();
    const document = createProbe(() => useAppConfig('flags').data);
    render(withProvider(<document.Probe />));
    await advance();
    expect(document.value).toEqual(FLAGS);
    expect(Object.isFrozen(document.value)).toBe(false);
  });
});

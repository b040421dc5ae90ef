import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import {
  useFlag,
  useFlagDetails,
  useFlagEnabled,
  useFlags,
  useFlagValue,
} from '../../src/entries/index.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, setup } from './setup.tsx';

describe('useFlag', () => {
  it('arrives from AWS AppConfig and flips while the component is mounted', async () => {
    const { renderApp, deploy } = setup();
    const probe = createProbe(() => useFlag('new-checkout'));
    renderApp(<probe.Probe />);
    expect(probe.value).toEqual({ enabled: false });
    await advance();
    expect(probe.value).toEqual(FLAGS['new-checkout']);
    deploy({ ...FLAGS, 'new-checkout': { enabled: false } });
    await advance(MINUTE_MS);
    expect(probe.values).toEqual([{ enabled: false }, FLAGS['new-checkout'], { enabled: false }]);
  });

  it('renders the readers of a changed flag and nobody else', async () => {
    const { renderApp, deploy } = setup();
    const dark = createProbe(() => useFlag('dark-mode'));
    const checkout = createProbe(() => useFlag('new-checkout'));
    renderApp(
      <>
        <dark.Probe />
        <checkout.Probe />
      </>,
    );
    await advance();
    expect([dark.renders, checkout.renders]).toEqual([2, 2]);
    deploy({ ...FLAGS, 'dark-mode': { enabled: false } });
    await advance(MINUTE_MS);
    expect([dark.renders, checkout.renders]).toEqual([3, 2]);
  });

  it('renders nothing after an unchanged poll, or after a new version with the same flags', async () => {
    const { renderApp, deploy, emulator } = setup();
    const probe = createProbe(() => useFlag('new-checkout'));
    renderApp(<probe.Probe />);
    await advance(3 * MINUTE_MS);
    deploy(FLAGS);
    await advance(2 * MINUTE_MS);
    expect(probe.renders).toBe(2);
    expect(emulator.requests).toHaveLength(7);
  });

  it('does not render for a flag that turns out to be off, as was assumed', async () => {
    const { renderApp } = setup();
    const off = createProbe(() => useFlag('old-thing'));
    const missing = createProbe(() => useFlag('nobody-made-it'));
    renderApp(
      <>
        <off.Probe />
        <missing.Probe />
      </>,
    );
    await advance(MINUTE_MS);
    expect([off.renders, missing.renders]).toEqual([1, 1]);
  });

  it('is the default of the provider until the configuration arrives, and when the flag is missing', async () => {
    const defaults = {
      flags: { 'dark-mode': { enabled: false }, extra: { enabled: true, size: 3 } },
    };
    const { renderApp } = setup({ defaults });
    const dark = createProbe(() => useFlag('dark-mode'));
    const extra = createProbe(() => useFlag('extra'));
    renderApp(
      <>
        <dark.Probe />
        <extra.Probe />
      </>,
    );
    await advance();
    expect(dark.values).toEqual([{ enabled: false }, { enabled: true }]);
    expect(extra.values).toEqual([{ enabled: true, size: 3 }]);
  });

  it('reads a flag of another profile', async () => {
    const { renderApp, emulator } = setup();
    emulator.deploy({
      application: 'shop',
      environment: 'production',
      profile: 'beta',
      content: { one: { enabled: true } },
    });
    const probe = createProbe(() => useFlag('one', { profile: 'beta' }));
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.value).toEqual({ enabled: true });
  });

  it('follows the key that it is given', async () => {
    const { withProvider, renderApp } = setup();
    const Flag = ({ name }: { name: string }) => <p>{String(useFlag(name).enabled)}</p>;
    const { rerender } = renderApp(<Flag name="dark-mode" />);
    await advance();
    expect(screen.getByText('true')).toBeDefined();
    rerender(withProvider(<Flag name="old-thing" />));
    expect(screen.getByText('false')).toBeDefined();
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '0', '42', ''])(
    'treats %j like any other name',
    async (key) => {
      const { renderApp, emulator } = setup();
      const missing = createProbe(() => useFlag(key));
      renderApp(<missing.Probe />);
      await advance();
      expect(missing.value).toEqual({ enabled: false });
      const content = `{${JSON.stringify(key)}: {"enabled": true, "toString": "mine", "__proto__": "kept"}, "dark-mode": {"enabled": true}}`;
      emulator.deploy({
        application: 'shop',
        environment: 'production',
        profile: 'flags',
        content,
      });
      await advance(MINUTE_MS);
      expect(missing.value?.enabled).toBe(true);
      emulator.deploy({
        application: 'shop',
        environment: 'production',
        profile: 'flags',
        content: content.replace('mine', 'yours'),
      });
      await advance(MINUTE_MS);
      expect(JSON.stringify(missing.value)).toBe(
        '{"enabled":true,"toString":"yours","__proto__":"kept"}',
      );
      expect('enabled' in {}).toBe(false);
    },
  );
});

describe('useFlagEnabled', () => {
  it('renders when the flag is switched, not when its attributes change', async () => {
    const { renderApp, deploy } = setup();
    const probe = createProbe(() => useFlagEnabled('new-checkout'));
    renderApp(<probe.Probe />);
    await advance();
    deploy({ ...FLAGS, 'new-checkout': { enabled: true, maxItems: 99 } });
    await advance(MINUTE_MS);
    expect(probe.values).toEqual([false, true]);
    deploy({ ...FLAGS, 'new-checkout': { enabled: false } });
    await advance(MINUTE_MS);
    expect(probe.values).toEqual([false, true, false]);
  });
});

describe('useFlagValue', () => {
  it('is the attribute while the flag is on, and the default otherwise', async () => {
    const { renderApp, deploy } = setup();
    const probe = createProbe(() => useFlagValue('new-checkout', 'maxItems', 10));
    renderApp(<probe.Probe />);
    await advance();
    deploy({ ...FLAGS, 'new-checkout': { enabled: false } });
    await advance(MINUTE_MS);
    deploy({ ...FLAGS, 'new-checkout': { enabled: true } });
    await advance(MINUTE_MS);
    expect(probe.values).toEqual([10, 20, 10]);
  });

  it('renders only when its own attribute changes, arrays included', async () => {
    const { renderApp, deploy } = setup();
    const items = createProbe(() => useFlagValue('new-checkout', 'maxItems', 10));
    const steps = createProbe(() => useFlagValue('new-checkout', 'steps', ['none']));
    renderApp(
      <>
        <items.Probe />
        <steps.Probe />
      </>,
    );
    await advance();
    deploy({ ...FLAGS, 'new-checkout': { ...FLAGS['new-checkout'], maxItems: 21 } });
    await advance(MINUTE_MS);
    expect(items.values).toEqual([10, 20, 21]);
    expect(steps.values).toEqual([['none'], ['cart', 'pay']]);
  });

  it('is the default when the attribute is of another type, which is reported to onError once', async () => {
    const { renderApp, errors, deploy } = setup();
    const probe = createProbe(() => useFlagValue('new-checkout', 'title', 10));
    renderApp(
      <>
        <probe.Probe />
        <probe.Probe />
      </>,
    );
    await advance();
    deploy({ ...FLAGS, 'new-checkout': { enabled: true, title: 'Cart' } });
    await advance(MINUTE_MS);
    expect(new Set(probe.values)).toEqual(new Set([10]));
    expect(errors).toMatchObject([{ code: 'TypeMismatch', profile: 'flags' }]);
    expect(errors[0]?.message).toContain('new-checkout.title is of type string, not number');
  });
});

describe('useFlagDetails', () => {
  it('tells a default from a loaded, a missing and a stale flag', async () => {
    const { renderApp, emulator } = setup();
    emulator.deploy({
      application: 'shop',
      environment: 'production',
      profile: 'flags',
      content: FLAGS,
      versionLabel: 'v7',
    });
    const dark = createProbe(() => useFlagDetails('dark-mode'));
    const typo = createProbe(() => useFlagDetails('drak-mode'));
    renderApp(
      <>
        <dark.Probe />
        <typo.Probe />
      </>,
    );
    expect(dark.value).toMatchObject({ flag: { enabled: false }, reason: 'default' });
    await advance();
    expect(dark.value).toMatchObject({
      flag: { enabled: true },
      reason: 'loaded',
      versionLabel: 'v7',
    });
    expect(typo.value).toMatchObject({ flag: { enabled: false }, reason: 'missing' });
    emulator.inject({ kind: 'error', status: 500 });
    await advance(MINUTE_MS);
    const stale = dark.values.find(({ reason }) => reason === 'stale');
    expect(stale).toMatchObject({ flag: { enabled: true }, error: { code: 'ServiceFailure' } });
    await advance(MINUTE_MS);
    expect(dark.value).toMatchObject({ reason: 'loaded', error: undefined });
  });

  it('names the variant', async () => {
    const { renderApp, deploy } = setup();
    deploy({ refresh: { enabled: true, _variant: 'QA' } });
    const probe = createProbe(() => useFlagDetails('refresh'));
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.value).toMatchObject({ variant: 'QA' });
  });
});

describe('useFlags', () => {
  it('is the whole document, over the defaults', async () => {
    const { renderApp } = setup({ defaults: { flags: { extra: { enabled: true } } } });
    const probe = createProbe(() => useFlags());
    renderApp(<probe.Probe />);
    await advance();
    expect(probe.values).toEqual([
      { extra: { enabled: true } },
      { ...FLAGS, extra: { enabled: true } },
    ]);
  });
});

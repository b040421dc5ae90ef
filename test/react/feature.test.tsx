import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { Feature } from '../../src/entries/index.ts';
import { advance, FLAGS, MINUTE_MS, setup } from './setup.tsx';

const checkout = (
  <main>
    <Feature flag="new-checkout" fallback="old checkout" loading="one moment">
      {(flag) => `new checkout of ${String(flag['maxItems'])}`}
    </Feature>
  </main>
);
const shown = () => screen.getByRole('main').textContent;

describe('<Feature>', () => {
  it('shows loading until the flag is known, then its children with the flag', async () => {
    const { renderApp } = setup();
    renderApp(checkout);
    expect(shown()).toBe('one moment');
    await advance();
    expect(shown()).toBe('new checkout of 20');
  });

  it('shows the fallback while the flag is off', async () => {
    const { renderApp, deploy } = setup();
    renderApp(checkout);
    await advance();
    deploy({ ...FLAGS, 'new-checkout': { enabled: false } });
    await advance(MINUTE_MS);
    expect(shown()).toBe('old checkout');
  });

  it('shows the fallback for a flag that does not exist', async () => {
    const { renderApp, deploy } = setup();
    deploy({});
    renderApp(checkout);
    await advance();
    expect(shown()).toBe('old checkout');
  });

  it('goes by the default of the provider instead of loading', async () => {
    const { renderApp } = setup({
      defaults: { flags: { 'new-checkout': { enabled: true, maxItems: 5 } } },
    });
    renderApp(checkout);
    expect(shown()).toBe('new checkout of 5');
    await advance();
    expect(shown()).toBe('new checkout of 20');
  });

  it('shows the fallback when the first poll fails, and recovers', async () => {
    const { renderApp, emulator } = setup();
    emulator.inject({ kind: 'error', status: 403 });
    renderApp(checkout);
    await advance();
    expect(shown()).toBe('old checkout');
    await advance(5 * MINUTE_MS);
    expect(shown()).toBe('new checkout of 20');
  });

  it('shows nothing for what it was not given', async () => {
    const { renderApp } = setup();
    renderApp(
      <main>
        <Feature flag="dark-mode" />
        <Feature flag="old-thing">never</Feature>
        <Feature flag="dark-mode">dark</Feature>
      </main>,
    );
    expect(shown()).toBe('');
    await advance();
    expect(shown()).toBe('dark');
  });
});

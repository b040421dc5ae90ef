import { act, render, screen } from '@testing-library/react';
import { lazy, Suspense } from 'react';
import { describe, expect, it } from 'vitest';
import { Feature } from '../../src/entries/index.ts';
import { AppConfigTestProvider, createTestAppConfig } from '../../src/entries/testing.ts';
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

  it('uses the default of the provider instead of loading', async () => {
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

  describe('with lazy code', () => {
    const createPage = (transition: boolean) => {
      let load: (loaded: { default: () => string }) => void = () => {};
      const New = lazy(
        () =>
          new Promise<{ default: () => string }>((resolve) => {
            load = resolve;
          }),
      );
      return {
        load: () => act(async () => load({ default: () => 'new checkout' })),
        page: (
          <main>
            <Suspense fallback="one moment">
              <Feature flag="new-checkout" fallback="old checkout" transition={transition}>
                <New />
              </Feature>
            </Suspense>
          </main>
        ),
      };
    };
    const flip = (transition: boolean) => {
      const appConfig = createTestAppConfig({ flags: { 'new-checkout': false } });
      const { page, load } = createPage(transition);
      render(<AppConfigTestProvider appConfig={appConfig}>{page}</AppConfigTestProvider>);
      expect(shown()).toBe('old checkout');
      appConfig.setFlag('new-checkout', true);
      return { appConfig, load };
    };

    it('keeps the old content until the new one is ready, as a transition', async () => {
      const { load } = flip(true);
      expect(shown()).toBe('old checkout');
      await load();
      expect(shown()).toBe('new checkout');
    });

    it('flips at once by default, as a kill switch must', async () => {
      const { load } = flip(false);
      expect(screen.getByText(/one moment/)).toBeTruthy();
      await load();
      expect(screen.getByText(/new checkout/)).toBeTruthy();
    });

    it('flips back before the code has come, and shows none of it', async () => {
      const { appConfig, load } = flip(true);
      appConfig.setFlag('new-checkout', false);
      await load();
      expect(shown()).toBe('old checkout');
    });
  });
});

import { onlineManager, QueryClient } from '@tanstack/react-query';
import { act } from '@testing-library/react';
import { Suspense } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Feature, useSuspenseAppConfig } from '../../src/entries/index.ts';
import { silenceThrownErrors } from '../support/silence.ts';
import { advance, ErrorBoundary, setup } from '../react/setup.tsx';

silenceThrownErrors();

afterEach(() => {
  onlineManager.setOnline(true);
  vi.restoreAllMocks();
});

describe('offline before the first answer', () => {
  function Settings() {
    return <output>{JSON.stringify(useSuspenseAppConfig('flags').data)}</output>;
  }

  it('shows the default of a suspending hook after a bounded wait, and the truth when the network is back', async () => {
    onlineManager.setOnline(false);
    const { renderApp, operations } = setup({ defaults: { flags: { a: { enabled: true } } } });
    const { container } = renderApp(
      <Suspense fallback="waiting">
        <Settings />
      </Suspense>,
    );
    await advance(1_000);
    expect(container.textContent).toBe('waiting');
    await advance(10_000);
    expect(container.textContent).toBe('{"a":{"enabled":true}}');
    expect(operations()).toEqual([]);
    act(() => onlineManager.setOnline(true));
    await advance(1_000);
    expect(container.textContent).toContain('dark-mode');
  });

  it('throws to the error boundary where there is no default', async () => {
    onlineManager.setOnline(false);
    const { renderApp, errors } = setup();
    const { container } = renderApp(
      <ErrorBoundary>
        <Suspense fallback="waiting">
          <Settings />
        </Suspense>
      </ErrorBoundary>,
    );
    await advance(10_000);
    expect(container.textContent).toContain('The browser is offline');
    expect(errors).toMatchObject([{ code: 'Offline', profile: 'flags' }]);
  });

  it('ends the loading of a <Feature>, also after the cache was emptied, and leaves no timer', async () => {
    onlineManager.setOnline(false);
    const queryClient = new QueryClient();
    const { renderApp } = setup({ queryClient });
    const { container, unmount } = renderApp(
      <Feature flag="dark-mode" loading="loading" fallback="off" />,
    );
    expect(container.textContent).toBe('loading');
    await advance(10_000);
    expect(container.textContent).toBe('off');
    for (const empty of ['clear', 'resetQueries'] as const) {
      act(() => void queryClient[empty]());
      await advance(10_000);
      expect(container.textContent).toBe('off');
    }
    act(() => queryClient.clear());
    unmount();
    await advance();
    expect(vi.getTimerCount()).toBe(0);
  });
});

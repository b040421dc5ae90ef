import { act, fireEvent, render } from '@testing-library/react';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppConfigDevtools } from '../../src/entries/devtools.ts';
import { AppConfigProvider, useFlagEnabled } from '../../src/entries/index.ts';
import type { ConfigurationSource } from '../../src/entries/sources.ts';
import { advance, createProbe, FLAGS, MINUTE_MS, setup } from '../react/setup.tsx';

// The panel is loaded when it is opened, which takes as long as the machine needs.
beforeAll(() => import('../../src/devtools/DevtoolsPanel.tsx'));

beforeEach(() => localStorage.clear());

/** The slider of versions in the open tools, which stand in a shadow root; undefined if there is none. */
function findSlider(): HTMLInputElement | undefined {
  const root = document.querySelector('[data-appconfig-devtools]')?.shadowRoot;
  const panel = root?.querySelector('.appconfig-panel');
  if (!panel) throw new Error('The tools are not open.');
  const slider = panel.querySelector('input[type="range"]');
  return slider instanceof HTMLInputElement ? slider : undefined;
}

const TICK_MS = 1_000;

describe('the versions in the devtools', () => {
  it('can each be chosen, even one that equals an earlier one', async () => {
    const { renderApp, deploy } = setup();
    const probe = createProbe(() => useFlagEnabled('dark-mode'));
    renderApp(
      <>
        <probe.Probe />
        <AppConfigDevtools defaultOpen />
      </>,
    );
    await advance(TICK_MS);
    for (const enabled of [false, true, false]) {
      deploy({ ...FLAGS, 'dark-mode': { enabled } });
      await advance(2 * MINUTE_MS);
    }
    expect(findSlider()?.max).toBe('3');
    act(() => void fireEvent.change(findSlider() ?? document.body, { target: { value: '2' } }));
    await advance(TICK_MS);
    expect(findSlider()?.value).toBe('2');
    expect(probe.value).toBe(true);
  });

  it('are those of the audience', async () => {
    const source: ConfigurationSource = {
      name: 'by entity',
      getLatestConfiguration: async ({ entityId }) => ({
        configuration: new TextEncoder().encode(
          JSON.stringify({ beta: { enabled: entityId === 'ann' } }),
        ),
        contentType: 'application/json',
        nextToken: 'next',
        nextPollIntervalInSeconds: 60,
      }),
    };
    const { props } = setup();
    const probe = createProbe(() => useFlagEnabled('beta'));
    const page = (entityId: string) => (
      <AppConfigProvider {...props} source={source} entityId={entityId}>
        <probe.Probe />
        <AppConfigDevtools defaultOpen />
      </AppConfigProvider>
    );
    const { rerender } = render(page('ann'));
    await advance(TICK_MS);
    for (const entityId of ['ben', 'ann']) {
      rerender(page(entityId));
      await advance(TICK_MS);
    }
    expect(probe.value).toBe(true);
    expect(findSlider()).toBeUndefined();
  });
});

import { act, render, type RenderResult } from '@testing-library/react';
import { Component, type ReactElement, type ReactNode } from 'react';
import { vi } from 'vitest';
import type { Emulator, JsonValue } from '../../src/emulator/index.ts';
import {
  AppConfigProvider,
  type AppConfigClientOptions,
  type AppConfigError,
} from '../../src/entries/index.ts';
import {
  countPendingCalls,
  createInPageSource,
  createStrictEmulator,
} from '../support/emulators.ts';
import { settleUntil } from '../support/manualClock.ts';

export const NAME = { application: 'shop', environment: 'production' };
export const MINUTE_MS = 60_000;
export const FLAGS = {
  'dark-mode': { enabled: true },
  'new-checkout': { enabled: true, maxItems: 20, title: 'Basket', steps: ['cart', 'pay'] },
  'old-thing': { enabled: false },
};

/**
 * An app on the emulator, through the real SDK client, in time that is moved by hand. Call it first
 * in a test: it takes over the timers until the test ends.
 */
export function setup(options: Partial<AppConfigClientOptions> = {}) {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'],
  });
  const emulator = createStrictEmulator();
  const errors: AppConfigError[] = [];
  deployFlags(emulator, FLAGS);
  const props: AppConfigClientOptions = {
    ...NAME,
    source: createInPageSource(emulator),
    flags: 'flags',
    random: () => 0,
    onError: (error) => errors.push(error),
    ...options,
  };
  const withProvider = (children: ReactNode, overrides: Partial<AppConfigClientOptions> = {}) => (
    <AppConfigProvider {...props} {...overrides}>
      {children}
    </AppConfigProvider>
  );
  return {
    emulator,
    errors,
    props,
    withProvider,
    deploy: (flags: JsonValue) => deployFlags(emulator, flags),
    renderApp: (children: ReactNode, overrides?: Partial<AppConfigClientOptions>): RenderResult =>
      render(withProvider(children, overrides)),
    operations: () => emulator.requests.map(({ operation }) => operation),
  };
}

function deployFlags(emulator: Emulator, content: JsonValue, profile = 'flags'): void {
  emulator.deploy({ ...NAME, profile, content });
}

/** Lets time pass, and everything that comes of it happen. */
export async function advance(ms = 0): Promise<void> {
  const settled = () => settleUntil(() => countPendingCalls() === 0);
  await act(async () => {
    await settled();
    for (let left = ms; left > 0; left -= 5_000) {
      await vi.advanceTimersByTimeAsync(Math.min(left, 5_000));
      await settled();
    }
    await vi.advanceTimersByTimeAsync(0);
  });
}

/** Shows what a hook returns, and counts how often it was rendered. */
export function createProbe<Value>(useValue: () => Value) {
  const values: Value[] = [];
  function Probe(): ReactElement {
    const value = useValue();
    values.push(value);
    return <output>{JSON.stringify(value) ?? 'undefined'}</output>;
  }
  return {
    Probe,
    get renders() {
      return values.length;
    },
    get value() {
      return values.at(-1);
    },
    values,
  };
}

interface ErrorBoundaryState {
  error?: unknown;
}

/** Shows an error's message in place of its children, until it is reset. */
export class ErrorBoundary extends Component<{ children: ReactNode }, ErrorBoundaryState> {
  override state: ErrorBoundaryState = {};

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <button type="button" onClick={() => this.setState({ error: undefined })}>
        {String(error)}
      </button>
    );
  }
}

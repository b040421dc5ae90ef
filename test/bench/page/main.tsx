import { useEffect, type ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot, type Root } from 'react-dom/client';
import type { Contender, FlagStates, Instance } from './contender.ts';
import { appConfig, appConfigExposed } from './contenders/appConfig.tsx';
import { bareQuery } from './contenders/bareQuery.tsx';
import { context } from './contenders/context.tsx';
import { floor } from './contenders/floor.tsx';
import { floorInContext } from './contenders/floorInContext.tsx';
import { launchDarkly } from './contenders/launchDarkly.tsx';
import { naive } from './contenders/naive.tsx';
import { openFeature } from './contenders/openFeature.tsx';
import { statsig } from './contenders/statsig.tsx';
import { unleash } from './contenders/unleash.tsx';

const CONTENDERS: Readonly<Record<string, Contender>> = {
  floor,
  'floor in a context': floorInContext,
  'bare QueryObserver': bareQuery,
  'react-appconfig': appConfig,
  'react-appconfig with onExposure': appConfigExposed,
  context,
  naive,
  LaunchDarkly: launchDarkly,
  OpenFeature: openFeature,
  Unleash: unleash,
  Statsig: statsig,
};

/** How large an app is measured. */
interface Size {
  components: number;
  flags: number;
}

/** An app that is mounted, and what can be done to it. */
class MountedApp {
  readonly #instance: Instance;
  #root: Root;
  readonly #size: Size;
  #container: HTMLElement;
  #states: FlagStates;
  #renders = 0;

  constructor(instance: Instance, size: Size, states: FlagStates) {
    this.#instance = instance;
    this.#size = size;
    this.#states = states;
    this.#container = createContainer();
    this.#root = createRoot(this.#container);
  }

  /** The same as {@link mount} once the app has been mounted and unmounted before. */
  async mountAgain(): Promise<number> {
    this.unmount();
    this.#container = createContainer();
    this.#root = createRoot(this.#container);
    return this.mount();
  }

  /** Milliseconds from the call of render to the last effect. */
  async mount(): Promise<number> {
    const { useIsOn, wrap } = this.#instance;
    const countRender = () => {
      this.#renders += 1;
    };
    let onEffects = () => {};
    const Reader = ({ name }: { name: string }) => {
      const isOn = useIsOn(name);
      countRender();
      return <i>{isOn ? 'on' : 'off'}</i>;
    };
    const AfterAll = () => {
      useEffect(() => onEffects(), []);
      return null;
    };
    const readers = Array.from({ length: this.#size.components }, (_, index) => (
      <Reader key={index} name={`flag-${index % this.#size.flags}`} />
    ));
    const effects = new Promise<void>((resolve) => {
      onEffects = resolve;
    });
    const startedAt = performance.now();
    // At once, effects included: a mount in slices would also measure when the browser chose to paint.
    // In one element: React inserts the children of a root one by one, and looks for each one's place.
    // In a tree: no app has thousands of siblings, and React is slower with them than with a store.
    const page = (
      <div>
        {toTree(readers)}
        <AfterAll />
      </div>
    );
    flushSync(() => this.#root.render(wrap(page)));
    await effects;
    const ms = performance.now() - startedAt;
    await quiet();
    return ms;
  }

  /** Flips the first flags; milliseconds from delivery to the last change of the DOM and to quiet. */
  async flip(flipped: number): Promise<{ toDomMs: number; toQuietMs: number; renders: number }> {
    const keys = Object.keys(this.#states).slice(0, flipped);
    this.#states = {
      ...this.#states,
      ...Object.fromEntries(keys.map((key) => [key, !this.#states[key]])),
    };
    let lastChangeAt = 0;
    const mutations = new MutationObserver(() => {
      lastChangeAt = performance.now();
    });
    mutations.observe(this.#container, { subtree: true, characterData: true, childList: true });
    this.#renders = 0;
    let deliveredAt = 0;
    await this.#instance.deliver(this.#states, () => {
      evictCaches();
      // What a poll has left behind must not count for the next one, which may take a hundredth of that.
      if (!flipped) globalThis.gc?.();
      deliveredAt = performance.now();
    });
    const quietAt = await quiet(() => !flipped || this.#isShown(keys));
    mutations.disconnect();
    return {
      toDomMs: flipped ? lastChangeAt - deliveredAt : 0,
      toQuietMs: quietAt - deliveredAt,
      renders: this.#renders,
    };
  }

  unmount(): number {
    const startedAt = performance.now();
    this.#root.unmount();
    const ms = performance.now() - startedAt;
    this.#container.remove();
    return ms;
  }

  dispose() {
    return this.#instance.dispose();
  }

  #isShown(keys: string[]): boolean {
    const shown = this.#container.querySelectorAll('i');
    return keys.every((key) => {
      const index = Number(key.slice('flag-'.length));
      if (index >= this.#size.components) return true;
      return (shown[index]?.textContent === 'on') === this.#states[key];
    });
  }
}

const TREE_WIDTH = 10;

/** Elements as the leaves of a tree, in their order. */
function toTree(leaves: ReactNode[]): ReactNode[] {
  if (leaves.length <= TREE_WIDTH) return leaves;
  const branches = Array.from({ length: Math.ceil(leaves.length / TREE_WIDTH) }, (_, index) => (
    <div key={index}>{leaves.slice(index * TREE_WIDTH, (index + 1) * TREE_WIDTH)}</div>
  ));
  return toTree(branches);
}

function createContainer(): HTMLElement {
  const container = document.createElement('div');
  // Layout and paint are the browser's work, and the same for everybody.
  container.style.display = 'none';
  document.body.append(container);
  return container;
}

const LONGEST_UPDATE_MS = 30_000;

const ballast = new Uint8Array(64 * 2 ** 20);

/**
 * Clears the last update from the processor's caches: in production, updates are a minute apart,
 * and a contender that does no work of its own before it delivers must not profit here.
 */
function evictCaches(): void {
  for (let index = 0; index < ballast.length; index += 64)
    ballast[index] = (ballast[index] ?? 0) + 1;
}

/** The moment at which nothing has been going on for a few turns of the event loop, once a condition holds. */
async function quiet(isDone = () => true): Promise<number> {
  const channel = new MessageChannel();
  channel.port1.start();
  const turn = () =>
    new Promise<void>((resolve) => {
      channel.port1.addEventListener('message', () => resolve(), { once: true });
      channel.port2.postMessage(undefined);
    });
  let at = performance.now();
  const deadline = at + LONGEST_UPDATE_MS;
  while (!isDone()) {
    if (at > deadline) throw new Error('The update never reached the DOM.');
    await turn();
    at = performance.now();
  }
  // React schedules with a task of its own: what it still does shows as a turn that takes long.
  for (let idleTurns = 0; idleTurns < 5;) {
    const before = performance.now();
    await turn();
    const now = performance.now();
    if (now - before > 0.2) {
      idleTurns = 0;
      at = now;
    } else idleTurns += 1;
  }
  channel.port1.close();
  return at;
}

const statesOf = (flags: number): FlagStates =>
  Object.fromEntries(
    Array.from({ length: flags }, (_, index) => [`flag-${index}`, index % 2 === 0]),
  );

let current: MountedApp | undefined;
let longTasks = 0;
new PerformanceObserver((list) => {
  longTasks += list.getEntries().length;
}).observe({ entryTypes: ['longtask'] });

/** Timers of the page that are running. */
const timers = new Set<unknown>();
const native = {
  setTimeout: globalThis.setTimeout.bind(globalThis),
  clearTimeout: globalThis.clearTimeout.bind(globalThis),
  setInterval: globalThis.setInterval.bind(globalThis),
  clearInterval: globalThis.clearInterval.bind(globalThis),
};
Object.assign(globalThis, {
  setTimeout(callback: () => void, delayMs?: number) {
    const timer = native.setTimeout(() => {
      timers.delete(timer);
      callback();
    }, delayMs);
    timers.add(timer);
    return timer;
  },
  setInterval(callback: () => void, delayMs?: number) {
    const timer = native.setInterval(callback, delayMs);
    timers.add(timer);
    return timer;
  },
  clearTimeout(timer: number) {
    timers.delete(timer);
    native.clearTimeout(timer);
  },
  clearInterval(timer: number) {
    timers.delete(timer);
    native.clearInterval(timer);
  },
});

const bench = {
  names: Object.keys(CONTENDERS),
  isIsolated: crossOriginIsolated,
  async prepare(name: string, size: Size) {
    const contender = CONTENDERS[name];
    if (!contender) throw new Error(`No contender is called ${name}.`);
    const states = statesOf(size.flags);
    current = new MountedApp(await contender(states), size, states);
    await quiet();
  },
  mount: () => current?.mount(),
  mountAgain: () => current?.mountAgain(),
  flip: (flipped: number) => current?.flip(flipped),
  countTimers: () => timers.size,
  /** There because the browser is started with --expose-gc. */
  collectGarbage: () => globalThis.gc?.(),
  unmount: () => current?.unmount(),
  async dispose() {
    await current?.dispose();
    current = undefined;
  },
  takeLongTasks() {
    const taken = longTasks;
    longTasks = 0;
    return taken;
  },
};

declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;

import type { ReactElement } from 'react';
import { AppConfigError } from '../errors/index.ts';
import { AppConfigTestProvider } from './AppConfigTestProvider.tsx';
import {
  createTestAppConfig,
  type TestAppConfig,
  type TestAppConfigOptions,
  type TestFlags,
} from './createTestAppConfig.ts';
import { withAsyncAct } from './withAct.ts';

/** The real one, even if a test replaces it later. */
const { setTimeout: schedule } = globalThis;
const TURN_MS = 5;
const QUIET_TURNS = 4;
const MAX_TURNS = 200;

/** What is deployed, and what may be different without being a fault. */
export interface RehearsalOptions extends Omit<TestAppConfigOptions, 'flags' | 'isPending'> {
  /** The flags before the deployment. */
  from: TestFlags;
  /** The flags that are deployed. */
  to: TestFlags;
  /**
   * Takes out of the page's HTML what may differ without being a fault, such as a time.
   * @default nothing; ids of React's `useId` never count
   */
  normalize?: ((html: string) => string) | undefined;
}

/** A component does not survive a deployment or its roll-back. */
export class RehearsalError extends AppConfigError<'RehearsalFailed'> {
  override name = 'RehearsalError';
  /** What went wrong, in the order in which it did. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      'RehearsalFailed',
      `The component does not survive the deployment, or its roll-back:\n- ${problems.join('\n- ')}`,
    );
    this.problems = problems;
  }
}

/**
 * Rehearses what a deployment and its roll-back will do to a component: it is rendered with the flags before, with
 * those after, from loading on, and then sees the flip and the way back while it is on the page. What it shows then
 * must be what it shows when it starts with these flags, with no error, no warning of React, and nothing left behind.
 *
 * Needs a document and react-dom. Waits until the page is quiet for a moment, so that lazy code and promises arrive;
 * timers that never stop changing the page need `normalize`.
 *
 * @throws RehearsalError, as a rejection, that lists what went wrong.
 *
 * @example
 * test('the checkout survives the deployment of maxItems 5', () =>
 *   rehearse(() => <Checkout />, {
 *     from: { checkout: { enabled: true, maxItems: 20 } },
 *     to: { checkout: { enabled: true, maxItems: 5 } },
 *   }));
 */
export async function rehearse(
  render: () => ReactElement,
  { from, to, normalize = (html) => html, ...options }: RehearsalOptions,
): Promise<void> {
  const { createRoot } = await import('react-dom/client');
  const problems: string[] = [];
  const readPage = () => normalize(withoutIds(readDocument()));
  const untouched = readPage();

  /** Plays one life of the component, and hands back what it showed after each of its steps. */
  async function play(
    title: string,
    first: TestAppConfigOptions,
    ...steps: ((appConfig: TestAppConfig) => void)[]
  ): Promise<readonly string[]> {
    const container = document.body.appendChild(document.createElement('div'));
    const appConfig = createTestAppConfig({ ...options, ...first });
    const root = createRoot(container);
    const shown: string[] = [];
    const run = async (change: () => void) => {
      try {
        await listenToReact(problems, title, async () => {
          await withAsyncAct(async () => {
            change();
          });
          await settle(readPage);
        });
      } catch (thrown) {
        problems.push(`${title}: ${String(thrown)}`);
      }
      shown.push(readPage());
    };
    await run(() =>
      root.render(<AppConfigTestProvider appConfig={appConfig}>{render()}</AppConfigTestProvider>),
    );
    for (const step of steps) await run(() => step(appConfig));
    await run(() => root.unmount());
    container.remove();
    appConfig.client.dispose();
    if (readPage() !== untouched) {
      problems.push(`${title}: something is left behind on the page when it is gone.`);
    }
    return shown;
  }

  // Lazy code arrives once: it must be there before what is shown is compared.
  await play('With the flags before', { flags: from });
  await play('With the flags after', { flags: to });
  const [before] = await play('With the flags before', { flags: from });
  const [after] = await play('With the flags after', { flags: to });
  const [, loaded] = await play(
    'From loading to the flags before',
    { flags: from, isPending: true },
    (appConfig) => appConfig.setPending(false),
  );
  const [, flipped, back] = await play(
    'Deployed and rolled back while it is on the page',
    { flags: from },
    (appConfig) => appConfig.setFlags(to),
    (appConfig) => appConfig.setFlags(from),
  );
  if (loaded !== before) problems.push(describe('once loaded', loaded, before));
  if (flipped !== after) problems.push(describe('after the deployment', flipped, after));
  if (back !== before) problems.push(describe('after the roll-back', back, before));
  if (problems.length > 0) throw new RehearsalError(onceEach(problems));
}

/** What goes wrong in several lives is reported for the first. */
function onceEach(problems: readonly string[]): readonly string[] {
  const told = new Map(
    problems.toReversed().map((problem) => [problem.slice(problem.indexOf(': ')), problem]),
  );
  return [...told.values()].toReversed();
}

function describe(when: string, shown = '', expected = ''): string {
  const start = [...shown].findIndex((letter, index) => letter !== expected[index]);
  const cut = (html: string) => html.slice(Math.max(0, start - 40), start + 80);
  return `What it shows ${when} is not what it shows when it starts with these flags: …${cut(shown)}… instead of …${cut(expected)}…. Does it keep a flag in state?`;
}

/** What a component can leave traces in. */
function readDocument(): string {
  const { title, documentElement, body } = document;
  const attributes = [...documentElement.attributes].map(({ name, value }) => `${name}=${value}`);
  return `${title} ${attributes.join(' ')} ${body.outerHTML}`;
}

/** Ids of React's `useId` count on from root to root. */
function withoutIds(html: string): string {
  return html.replaceAll(/[«:]r[\da-z]+[»:]|_r_[\da-z]+_/g, 'id');
}

/** Waits until the page has not changed for some turns: lazy code and promises take their time. */
async function settle(readPage: () => string): Promise<void> {
  let before = readPage();
  for (let turn = 0, quiet = 0; turn < MAX_TURNS && quiet < QUIET_TURNS; turn += 1) {
    await withAsyncAct(
      () =>
        new Promise((resolve) => {
          schedule(resolve, TURN_MS);
        }),
    );
    const now = readPage();
    quiet = now === before ? quiet + 1 : 0;
    before = now;
  }
}

/** React reports on the console what is wrong with a component. */
async function listenToReact(
  problems: string[],
  title: string,
  callback: () => Promise<void>,
): Promise<void> {
  /* oxlint-disable no-console -- the only place where React says it */
  const write = console.error;
  console.error = (message: unknown, ...values: unknown[]) => {
    let next = 0;
    const text = String(message).replaceAll(/%[sdo]/g, () => String(values[next++]));
    problems.push(`${title}: ${text.split('\n')[0]}`);
  };
  try {
    await callback();
  } finally {
    console.error = write;
  }
  /* oxlint-enable no-console */
}

import type { Meta, StoryObj } from '@storybook/react-vite';
import { useCallback, useMemo, useReducer, useState } from 'react';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { AppConfigProvider, useFlag, type FlagExposure } from 'react-appconfig';
import { experimentSource } from 'react-appconfig/agent';
import { DEMO_NAME } from '../demo/createDemo.ts';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { useDemo } from '../demo/demoContext.ts';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';
import { sampleRatioProbability, wilsonInterval } from '../examples/statistics.ts';

const VISITORS_AT_ONCE = 50;
/** What the demo knows, and an experiment is there to find out: of a hundred visitors, this many buy. */
const BUYERS_OF_HUNDRED: Readonly<Record<number, number>> = { 3: 30, 1: 60 };

/** A number from 0 to 99 for a visitor, the same each time. */
function luckOf(entityId: string): number {
  let hash = 7;
  for (const letter of `luck of ${entityId}`) hash = (hash * 31 + letter.charCodeAt(0)) % 9_973;
  return hash % 100;
}

function stepsOf({ value }: FlagExposure): number {
  return value.enabled ? Number(value['steps']) : 3;
}

interface Group {
  readonly exposed: number;
  readonly converted: number;
}

type Tally = ReadonlyMap<number, Group>;

function count(tally: Tally, exposure: FlagExposure): Tally {
  const steps = stepsOf(exposure);
  const { exposed, converted } = tally.get(steps) ?? { exposed: 0, converted: 0 };
  // In an app this is another event, of the purchase, with the same entityId.
  const buys = luckOf(exposure.entityId ?? '') < (BUYERS_OF_HUNDRED[steps] ?? 0);
  return new Map(tally).set(steps, {
    exposed: exposed + 1,
    converted: converted + (buys ? 1 : 0),
  });
}

/** The checkout of one visitor: what is tested. */
function Visitor() {
  const checkout = useFlag('checkout');
  const steps = checkout.enabled ? Number(checkout['steps']) : 3;
  return <span className="badge">{steps === 1 ? '1 step' : `${steps} steps`}</span>;
}

function ExperimentPage() {
  const demo = useDemo();
  const source = useMemo(() => experimentSource(demo.source, ['checkout']), [demo.source]);
  const [visitors, setVisitors] = useState(VISITORS_AT_ONCE);
  const [tally, countExposure] = useReducer(count, new Map());
  const onExposure = useCallback((exposure: FlagExposure) => countExposure(exposure), []);
  return (
    <>
      <Results tally={tally} />
      <button type="button" onClick={() => setVisitors(visitors + VISITORS_AT_ONCE)}>
        {VISITORS_AT_ONCE} more visitors
      </button>
      <div className="visitors" role="group" aria-label="Visitors" tabIndex={0}>
        {Array.from({ length: visitors }, (_, index) => `visitor-${index + 1}`).map((entityId) => (
          <AppConfigProvider
            key={entityId}
            {...DEMO_NAME}
            source={source}
            flags="flags"
            entityId={entityId}
            onExposure={onExposure}
            overrides={demo.overrides}
          >
            <Visitor />
          </AppConfigProvider>
        ))}
      </div>
    </>
  );
}

function Results({ tally }: { tally: Tally }) {
  const groups = [3, 1].map((steps) => {
    const { exposed = 0, converted = 0 } = tally.get(steps) ?? {};
    return { steps, exposed, converted };
  });
  const [control, treatment] = groups;
  const probability = sampleRatioProbability(control?.exposed ?? 0, treatment?.exposed ?? 0);
  return (
    <>
      <table aria-label="Results">
        <thead>
          <tr>
            <th scope="col">Checkout</th>
            <th scope="col">Exposed</th>
            <th scope="col">Bought</th>
            <th scope="col">Share, with its interval of 95 %</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ steps, exposed, converted }) => {
            const [low, high] = wilsonInterval(converted, exposed);
            return (
              <tr key={steps} data-testid={`group ${steps}`}>
                <td>{steps === 1 ? 'treatment t1, 1 step' : 'control, 3 steps'}</td>
                <td>{exposed}</td>
                <td>{converted}</td>
                <td>
                  {exposed === 0
                    ? '–'
                    : `${percent(converted / exposed)} (${percent(low)} to ${percent(high)})`}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className={probability < 0.001 ? 'notice bad' : 'muted'}>
        Sample ratio: p = {probability.toFixed(3)}
        {probability < 0.001
          ? ': some visitors are not counted. Ignore the result.'
          : ', as it should be.'}
      </p>
    </>
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

const meta: Meta<typeof ExperimentPage> = {
  title: 'Flags/Experiment',
  component: ExperimentPage,
  parameters: {
    appConfig: { flags: { checkout: { enabled: true, steps: 3 } } },
    stage: {
      hint: 'Half of all visitors get a checkout with one step. Each visitor is an entity; onExposure counts each one only once, on seeing the flag, and a purchase counts for the group of its visitor.',
      variants: {
        version: '1',
        flags: {
          checkout: {
            name: 'Checkout',
            attributes: { steps: { constraints: { type: 'number' } } },
          },
        },
        values: { checkout: { enabled: true, steps: 3 } },
      },
      console: 'document',
      prepare: (emulator) =>
        emulator.startExperiment({
          ...DEMO_NAME,
          profile: 'flags',
          flag: 'checkout',
          exposurePercentage: 100,
          control: { weight: 50, enabled: true, attributeValues: { steps: 3 } },
          treatments: [{ weight: 50, enabled: true, attributeValues: { steps: 1 } }],
        }),
    } satisfies StageParameters,
  },
};
export default meta;

export const AnExperiment: StoryObj = {
  name: 'An A/B test',
  // Fifty sessions are enough for a page.
  args: { pollIntervalInSeconds: 30 },
};

export const FindsTheBetterCheckout: StoryObj = {
  ...AnExperiment,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const cells = (steps: number) =>
      [...canvas.getByTestId(`group ${steps}`).querySelectorAll('td')].map(
        ({ textContent }) => textContent ?? '',
      );
    const exposed = () => Number(cells(1)[1]) + Number(cells(3)[1]);
    await waitFor(() => expect(exposed()).toBe(VISITORS_AT_ONCE), { timeout: POLL_TIMEOUT_MS });
    await userEvent.click(canvas.getByRole('button', { name: /more visitors/ }));
    await userEvent.click(canvas.getByRole('button', { name: /more visitors/ }));
    await waitFor(() => expect(exposed()).toBe(3 * VISITORS_AT_ONCE), {
      timeout: 2 * POLL_TIMEOUT_MS,
    });
    // Nobody is counted twice, and the groups are as large as chance makes them.
    await expect(canvas.getByText(/as it should be/)).toBeVisible();
    const shareOf = (steps: number) => Number.parseInt(cells(steps)[3] ?? '', 10);
    await expect(shareOf(1)).toBeGreaterThan(shareOf(3));
  },
};

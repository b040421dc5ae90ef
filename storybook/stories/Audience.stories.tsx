import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { AppConfigProvider, useFlag } from 'react-appconfig';
import { DEMO_NAME } from '../demo/createDemo.ts';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { useAudience, useDemo } from '../demo/demoContext.ts';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';
import { Banner } from '../examples/Banner.tsx';
import code from '../examples/Banner.tsx?raw';

const BANNER = {
  version: '1',
  flags: { banner: { name: 'Banner', attributes: { text: { constraints: { type: 'string' } } } } },
  values: {
    banner: {
      _variants: [
        {
          name: 'thanks',
          enabled: true,
          attributeValues: { text: 'Thank you for being with us' },
          rule: '(eq $plan "pro")',
        },
        { name: 'upgrade', enabled: true, attributeValues: { text: 'Try the pro plan for free' } },
      ],
    },
  },
};

function WhoUsesIt() {
  const [{ context = {} }, setAudience] = useAudience();
  return (
    <fieldset className="choices">
      <legend>Who uses the app</legend>
      {['free', 'pro'].map((plan) => (
        <label key={plan} className="switch-row">
          On the {plan} plan
          <input
            type="radio"
            name="plan"
            checked={context['plan'] === plan}
            onChange={() => setAudience({ context: { plan } })}
          />
        </label>
      ))}
    </fieldset>
  );
}

function VariantsPage() {
  return (
    <>
      <Banner />
      <WhoUsesIt />
    </>
  );
}

const PEOPLE = [
  'Ada',
  'Ben',
  'Cleo',
  'Dan',
  'Eva',
  'Finn',
  'Gul',
  'Hana',
  'Ivo',
  'Jin',
  'Kim',
  'Leo',
];

function Greeting({ person }: { person: string }) {
  const greeting = useFlag('greeting');
  const version = greeting.enabled && String(greeting['text']).includes('new') ? 'v2' : 'v1';
  return (
    <li className="tile" data-testid="person" data-version={version}>
      <strong>{person}</strong>
      <span className="badge">{version}</span>
    </li>
  );
}

/** Each person is an entity of their own, with a provider of their own. */
function RollOutPage() {
  const { source, overrides } = useDemo();
  return (
    <ul className="tiles" aria-label="People, and the version that each of them has">
      {PEOPLE.map((person) => (
        <AppConfigProvider
          key={person}
          {...DEMO_NAME}
          source={source}
          flags="flags"
          entityId={person}
          overrides={overrides}
        >
          <Greeting person={person} />
        </AppConfigProvider>
      ))}
    </ul>
  );
}

const meta: Meta = {
  title: 'Flags/Audience',
  parameters: { docs: { source: { code } } },
};
export default meta;

export const Variants: StoryObj = {
  name: 'Variants by context',
  render: () => <VariantsPage />,
  parameters: {
    appConfig: { flags: { banner: { enabled: true, text: 'Try the pro plan for free' } } },
    stage: {
      hint: 'A rule of the flag checks the plan of the user. Choose the other plan: the old banner stays until the answer for the new context is there.',
      variants: BANNER,
      audience: { context: { plan: 'free' } },
      console: 'document',
    } satisfies StageParameters,
  },
};

export const RollOut: StoryObj = {
  name: 'A roll-out by entity',
  render: () => <RollOutPage />,
  parameters: {
    appConfig: { flags: { greeting: { enabled: true, text: 'Welcome' } } },
    stage: {
      hint: 'Roll the second version out to half of all people: the same people keep it at each poll, until everybody has it or it is rolled back.',
      variants: { greeting: { enabled: true, text: 'Welcome' } },
      console: 'deployments',
    } satisfies StageParameters,
  },
};

export const ContextChangesWithoutAFlicker: StoryObj = {
  ...Variants,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    await canvas.findByText('Try the pro plan for free');
    const seen = new Set<string>();
    const observer = new MutationObserver(() => {
      seen.add(canvasElement.querySelector('.notice strong')?.textContent ?? 'nothing');
    });
    observer.observe(canvasElement, { childList: true, subtree: true, characterData: true });
    await userEvent.click(canvas.getByRole('radio', { name: 'On the pro plan' }));
    await canvas.findByText('Thank you for being with us');
    await userEvent.click(canvas.getByRole('radio', { name: 'On the free plan' }));
    await canvas.findByText('Try the pro plan for free');
    observer.disconnect();
    await expect([...seen].toSorted()).toEqual([
      'Thank you for being with us',
      'Try the pro plan for free',
    ]);
  },
};

export const RollOutKeepsItsEntities: StoryObj = {
  ...RollOut,
  tags: ['!dev'],
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const versions = () =>
      canvas.getAllByTestId('person').map(({ dataset }) => dataset['version'] ?? '');
    const polls = () => canvas.getByText('Polls answered').nextSibling?.textContent;
    await waitFor(() => expect(polls()).toBe('1'), { timeout: POLL_TIMEOUT_MS });
    await userEvent.click(canvas.getByRole('button', { name: 'Roll v2 out to half' }));
    await waitFor(() => expect(versions()).toContain('v2'), { timeout: POLL_TIMEOUT_MS });
    // Everybody has polled once more when the page has polled twice more.
    const before = Number(polls());
    await waitFor(() => expect(Number(polls())).toBe(before + 2), { timeout: 3 * POLL_TIMEOUT_MS });
    const half = versions();
    await expect(half).toContain('v1');
    await waitFor(() => expect(Number(polls())).toBe(before + 3), { timeout: POLL_TIMEOUT_MS });
    await expect(versions()).toEqual(half);
    await userEvent.click(canvas.getByRole('button', { name: 'Roll back' }));
    await waitFor(() => expect(versions()).not.toContain('v2'), { timeout: 2 * POLL_TIMEOUT_MS });
  },
};

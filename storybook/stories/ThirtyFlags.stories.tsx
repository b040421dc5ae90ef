import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import type { DemoFlags } from '../demo/createDemo.ts';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';
import { Tile } from '../examples/Tile.tsx';
import code from '../examples/Tile.tsx?raw';

const AREAS = ['search', 'basket', 'account', 'reviews', 'delivery', 'payment'];
const STAGES = ['new', 'fast', 'beta', 'dark', 'smart'];
const KEYS = AREAS.flatMap((area) => STAGES.map((stage) => `${stage}-${area}`));
const FLAGS: DemoFlags = Object.fromEntries(
  KEYS.map((key, index) => [key, { enabled: index % 3 === 0 }]),
);

function Page() {
  return (
    <div className="tiles" tabIndex={0} role="group" aria-label="A tile for each flag">
      {KEYS.map((name) => (
        <Tile key={name} name={name} />
      ))}
    </div>
  );
}

const meta: Meta<typeof Page> = {
  title: 'Performance/Thirty flags',
  component: Page,
  parameters: {
    docs: { source: { code } },
    appConfig: { flags: FLAGS },
    stage: {
      hint: 'One poller, and only the readers render: each tile reads one flag and counts its renders: one before the configuration came, and one more only if it changed something. Flip a flag: one tile renders. An unchanged poll renders none.',
    } satisfies StageParameters,
  },
};
export default meta;

export const ThirtyFlags: StoryObj = {
  name: 'Thirty flags',
};

export const RendersOnlyTheReaders: StoryObj = {
  ...ThirtyFlags,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const renders = () =>
      KEYS.map(
        (key) => canvas.getByTestId(`tile ${key}`).textContent?.match(/\d+(?= render)/)?.[0],
      );
    const expected = KEYS.map((_, index) => (index % 3 === 0 ? '2' : '1'));
    await waitFor(() => expect(renders()).toEqual(expected), { timeout: POLL_TIMEOUT_MS });

    await userEvent.click(canvas.getByRole('switch', { name: 'beta-search' }));
    const flipped = KEYS.indexOf('beta-search');
    const expectedAfter = expected.with(flipped, '2');
    await waitFor(() => expect(canvas.getByTestId('tile beta-search')).toHaveTextContent('on'), {
      timeout: POLL_TIMEOUT_MS,
    });
    await expect(renders()).toEqual(expectedAfter);

    const polls = () => Number(canvas.getByText('Polls answered').nextElementSibling?.textContent);
    const before = polls();
    await waitFor(() => expect(polls()).toBeGreaterThan(before), { timeout: POLL_TIMEOUT_MS });
    await expect(renders()).toEqual(expectedAfter);
  },
};

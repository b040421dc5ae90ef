import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, waitFor, within } from 'storybook/test';
import type { AppConfigParameters } from '../../src/storybook-addon/index.ts';
import { LazyCheckout } from '../examples/LazyCheckout.tsx';
import code from '../examples/LazyCheckout.tsx?raw';

const appConfig: AppConfigParameters = { flags: { 'new-checkout': false } };

const meta: Meta<typeof LazyCheckout> = {
  title: 'Flags/Transition',
  component: LazyCheckout,
  args: { transition: true },
  parameters: { appConfig, docs: { source: { code } }, layout: 'padded' },
  render: ({ transition }) => (
    <div className="product">
      <h1>A flag that leads to lazy code</h1>
      <p className="muted">
        Switch new-checkout on, in the panel Flags: the code of the new checkout takes a moment to
        load.
      </p>
      <LazyCheckout transition={transition} />
    </div>
  ),
};
export default meta;

type Story = StoryObj<typeof LazyCheckout>;

export const AsATransition: Story = { name: 'As a transition' };

export const AtOnce: Story = { name: 'At once', args: { transition: false } };

/** Flips the flag, and says what was seen on the way. */
async function flip(canvasElement: HTMLElement, setFlag: () => void) {
  const canvas = within(canvasElement);
  await canvas.findByText('The old checkout');
  let fallbacks = 0;
  const observer = new MutationObserver(() => {
    const status = canvas.queryByRole('status');
    if (status?.checkVisibility()) fallbacks += 1;
  });
  observer.observe(canvasElement, { childList: true, subtree: true, attributes: true });
  let animations = 0;
  const { startViewTransition } = document;
  // Some browsers have none: React then flips without an animation.
  const animates = 'startViewTransition' in document;
  if (animates) {
    document.startViewTransition = (update) => {
      animations += 1;
      return startViewTransition.call(document, update);
    };
  }
  setFlag();
  await waitFor(() => expect(canvas.getByText('The new checkout')).toBeVisible(), {
    timeout: 10_000,
  });
  observer.disconnect();
  if (animates) document.startViewTransition = startViewTransition;
  return { fallbacks, animations, animates };
}

export const ShowsNoFallbackAndAnimatesOnce: Story = {
  ...AsATransition,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement, loaded }) {
    const { fallbacks, animations, animates } = await flip(canvasElement, () =>
      loaded['appConfig'].setFlag('new-checkout', true),
    );
    await expect(fallbacks).toBe(0);
    await expect(animations).toBe(animates ? 1 : 0);
  },
};

export const ShowsTheFallbackAtOnce: Story = {
  ...AtOnce,
  tags: ['!dev'],
  async play({ canvasElement, loaded }) {
    const { fallbacks } = await flip(canvasElement, () =>
      loaded['appConfig'].setFlag('new-checkout', true),
    );
    await expect(fallbacks).toBeGreaterThan(0);
  },
};

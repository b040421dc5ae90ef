import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { Feature, useFlagDetails, useFlagEnabled } from '../../src/entries/index.ts';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { RenderCount, useRenderCount } from '../demo/RenderCount.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';

function Checkout() {
  const isExpress = useFlagEnabled('express-checkout');
  const { reason, versionLabel } = useFlagDetails('express-checkout');
  return (
    <div className="product">
      <h3>Trail running shoe</h3>
      <p className="muted">€ 129, in stock</p>
      <Feature
        flag="express-checkout"
        fallback={<button type="button">Add to basket</button>}
        loading={
          <button type="button" disabled>
            One moment…
          </button>
        }
      >
        <button type="button" className="primary">
          Buy now
        </button>
      </Feature>
      <p className="muted">
        <code>express-checkout</code> is {isExpress ? 'on' : 'off'}: {reason}
        {versionLabel ? ` from ${versionLabel}` : ''}. <RenderCount count={useRenderCount()} />
      </p>
    </div>
  );
}

const meta: Meta<typeof Checkout> = {
  title: 'Flags/A flag check',
  component: Checkout,
  parameters: {
    stage: {
      title: 'A flag check',
      hint: 'Flip the flag on the right: a new version is deployed, the next poll brings it, and the button on the left changes.',
      flags: { 'express-checkout': { enabled: true }, 'winter-sale': { enabled: false } },
    } satisfies StageParameters,
  },
};
export default meta;

export const FlagCheck: StoryObj = {
  name: 'A flag check',
};

export const FlipsWithTheNextPoll: StoryObj = {
  ...FlagCheck,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    await canvas.findByRole('button', { name: 'Buy now' }, { timeout: POLL_TIMEOUT_MS });
    await userEvent.click(canvas.getByRole('switch', { name: 'express-checkout' }));
    await canvas.findByRole('button', { name: 'Add to basket' }, { timeout: POLL_TIMEOUT_MS });
    await waitFor(() => expect(canvas.getByText('0 protocol violations')).toBeVisible());
  },
};

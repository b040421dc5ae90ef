import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';
import { Checkout } from '../examples/Checkout.tsx';
import code from '../examples/Checkout.tsx?raw';

const meta: Meta<typeof Checkout> = {
  title: 'Flags/A flag check',
  component: Checkout,
  parameters: {
    docs: { source: { code } },
    appConfig: {
      flags: { 'express-checkout': { enabled: true }, 'winter-sale': { enabled: false } },
    },
    stage: {
      hint: 'Flip the flag: a new version is deployed, the next poll brings it, and the button of the product changes.',
    } satisfies StageParameters,
  },
};
export default meta;

export const FlagCheck: StoryObj = {
  name: 'A flag check',
};

export const IsOverriddenByThePanel: StoryObj = {
  ...FlagCheck,
  tags: ['!dev'],
  globals: { theme: 'dark', appConfig: { 'express-checkout': false } },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    await canvas.findByText(/^200 version v1/, undefined, { timeout: POLL_TIMEOUT_MS });
    await expect(canvas.getByRole('switch', { name: 'express-checkout' })).toBeChecked();
    await expect(canvas.getByRole('button', { name: 'Add to basket' })).toBeVisible();
  },
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

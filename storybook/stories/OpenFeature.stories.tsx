import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, within } from 'storybook/test';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';
import { OpenFeatureShop } from '../examples/OpenFeatureShop.tsx';
import code from '../examples/OpenFeatureShop.tsx?raw';

const meta: Meta<typeof OpenFeatureShop> = {
  title: 'Flags/OpenFeature',
  component: OpenFeatureShop,
  parameters: {
    docs: { source: { code } },
    appConfig: { flags: { 'new-checkout': { enabled: true, maxItems: 20 } } },
    stage: {
      hint: 'One session, read by the React SDK of OpenFeature and by our own hook. Change the number: both show it with the next poll.',
    } satisfies StageParameters,
  },
};
export default meta;

export const BesideOurHooks: StoryObj = { name: 'OpenFeature beside our hooks' };

export const FollowsEachVersion: StoryObj = {
  ...BesideOurHooks,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const timeout = { timeout: POLL_TIMEOUT_MS };
    await canvas.findByText('OpenFeature: up to 20 items, STATIC', undefined, timeout);
    await canvas.findByText('useFlagValue: up to 20 items');
    await userEvent.click(canvas.getByRole('switch', { name: 'new-checkout' }));
    await canvas.findByText('OpenFeature: up to 10 items, DISABLED', undefined, timeout);
    await canvas.findByText('useFlagValue: up to 10 items');
    await expect(canvas.getByText('0 protocol violations')).toBeVisible();
  },
};

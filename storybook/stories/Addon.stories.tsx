import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, within } from 'storybook/test';
import type { TestAppConfig } from 'react-appconfig/testing';
import type { AppConfigParameters } from '../../src/storybook-addon/index.ts';
import { Shop } from '../examples/Shop.tsx';
import code from '../examples/Shop.tsx?raw';

const appConfig: AppConfigParameters = {
  flags: { 'new-checkout': { enabled: true, maxItems: 20 }, 'winter-sale': false },
  presets: {
    'Winter sale': { 'winter-sale': true },
    'Everything off': { 'new-checkout': false, 'winter-sale': false },
  },
};

const meta: Meta<typeof Shop> = {
  title: 'Storybook/The addon',
  component: Shop,
  parameters: {
    appConfig,
    controls: { exclude: ['pollIntervalInSeconds'] },
    docs: { source: { code } },
    layout: 'padded',
  },
};
export default meta;

export const TheAddon: StoryObj = { name: 'Flags of a story' };

export const FlipsInAPlayFunction: StoryObj<{ appConfig: TestAppConfig }> = {
  ...TheAddon,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement, loaded }) {
    const canvas = within(canvasElement);
    await expect(canvas.getByText('The new checkout, up to 20 items.')).toBeVisible();
    loaded['appConfig'].setFlag('new-checkout', { enabled: true, maxItems: 5 });
    await expect(canvas.getByText('The new checkout, up to 5 items.')).toBeVisible();
    loaded['appConfig'].setFlag('new-checkout', false);
    await expect(canvas.getByText('The old checkout, up to 10 items.')).toBeVisible();
    loaded['appConfig'].setError(new Error('no network'));
    await expect(canvas.getByText(/stale, ServiceFailure/)).toBeVisible();
  },
};

export const WhileLoading: StoryObj = {
  ...TheAddon,
  name: 'While loading',
  parameters: { appConfig: { ...appConfig, isPending: true } },
};

export const StartsWithItsGlobals: StoryObj = {
  ...TheAddon,
  tags: ['!dev'],
  globals: { appConfig: { 'winter-sale': true } },
  async play({ canvasElement }) {
    await expect(within(canvasElement).getByText(/Winter sale: 20 %/)).toBeVisible();
  },
};

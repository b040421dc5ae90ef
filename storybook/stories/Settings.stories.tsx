import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fireEvent, userEvent, waitFor, within } from 'storybook/test';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';
import { ContactCard } from '../examples/ContactCard.tsx';
import code from '../examples/ContactCard.tsx?raw';

const SETTINGS = {
  title: 'The Outdoor Shop',
  support: 'help@shop.example',
  openingHours: ['Mon to Fri 9 to 18', 'Sat 10 to 16'],
};

const meta: Meta<typeof ContactCard> = {
  title: 'Settings/Freeform with a schema',
  component: ContactCard,
  parameters: {
    docs: { source: { code } },
    stage: {
      hint: 'A zod schema checks each version once. Deploy a document that breaks it: the card keeps the last good version, and says what is wrong and where.',
      console: 'settings',
      settings: JSON.stringify(SETTINGS, null, 2),
    } satisfies StageParameters,
  },
};
export default meta;

export const FreeformWithASchema: StoryObj = {
  name: 'Freeform with a schema',
};

export const FromTheStory: StoryObj = {
  name: 'A document of the story',
  parameters: {
    appConfig: { documents: { 'site-settings': SETTINGS } },
    controls: { exclude: ['pollIntervalInSeconds'] },
    stage: undefined,
  },
};

export const KeepsTheLastGoodVersion: StoryObj = {
  ...FreeformWithASchema,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const timeout = { timeout: POLL_TIMEOUT_MS };
    const deploy = async (text: string) => {
      await fireEvent.change(canvas.getByRole('textbox'), { target: { value: text } });
      await userEvent.click(canvas.getByRole('button', { name: 'Deploy' }));
    };
    await canvas.findByRole('heading', { name: 'The Outdoor Shop' }, timeout);
    await deploy(JSON.stringify({ ...SETTINGS, title: 'The Winter Shop' }, null, 2));
    await canvas.findByRole('heading', { name: 'The Winter Shop' }, timeout);
    await deploy(JSON.stringify({ ...SETTINGS, support: 'nobody' }, null, 2));
    await waitFor(
      () => expect(canvas.getByRole('alert')).toHaveTextContent(/SchemaMismatch.*support/),
      timeout,
    );
    await expect(canvas.getByRole('heading', { name: 'The Winter Shop' })).toBeVisible();
  },
};

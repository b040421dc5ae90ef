import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fireEvent, waitFor, within } from 'storybook/test';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';
import { Attributes } from '../examples/Attributes.tsx';
import code from '../examples/Attributes.tsx?raw';

const meta: Meta<typeof Attributes> = {
  title: 'Flags/Attributes',
  component: Attributes,
  parameters: {
    docs: { source: { code } },
    appConfig: {
      flags: {
        banner: { enabled: true, text: 'Free delivery until Sunday' },
        basket: { enabled: true, maxItems: 20 },
      },
    },
    stage: {
      hint: 'Attributes arrive only while their flag is on. Change the text: only the banner renders. Switch the basket off: the limit falls back to its default, 5.',
    } satisfies StageParameters,
  },
};
export default meta;

export const AttributesOfAFlag: StoryObj = { name: 'Attributes of a flag' };

export const FollowsItsAttribute: StoryObj = {
  ...AttributesOfAFlag,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const limitIs = (limit: string) =>
      waitFor(() => expect(canvas.getByTestId('limit')).toHaveTextContent(limit), {
        timeout: POLL_TIMEOUT_MS,
      });
    await limitIs('20');
    await fireEvent.change(canvas.getByLabelText('maxItems of basket'), {
      target: { value: '35' },
    });
    await limitIs('35');
    await fireEvent.click(canvas.getByRole('switch', { name: 'basket' }));
    await limitIs('5');
  },
};

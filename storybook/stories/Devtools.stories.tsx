import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fireEvent, userEvent, waitFor, within } from 'storybook/test';
import { AppConfigDevtools } from '../../src/entries/devtools.ts';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';
import { Attributes } from '../examples/Attributes.tsx';
import { Tile } from '../examples/Tile.tsx';

const meta: Meta = {
  title: 'Devtools/In the page',
  args: { defaultOpen: true },
  parameters: {
    stage: {
      hint: 'The button in the corner opens them: override a flag, and only its readers render; reload, and it is kept; go back to a version that this page has seen, and see what each has changed.',
      // Not those of the addon: the devtools keep overrides themselves.
      flags: {
        banner: { enabled: true, text: 'Free delivery until Sunday' },
        basket: { enabled: true, maxItems: 20 },
        'winter-sale': { enabled: false },
      },
    } satisfies StageParameters,
  },
  render: ({ defaultOpen }) => (
    <>
      <Attributes />
      <Tile name="winter-sale" />
      <AppConfigDevtools
        defaultOpen={defaultOpen === true}
        theme={document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light'}
      />
    </>
  ),
};
export default meta;

export const InThePage: StoryObj = { name: 'Devtools' };

/** The button that opens the tools, in their shadow root. */
function findButton(canvasElement: HTMLElement) {
  const root = canvasElement.querySelector('[data-appconfig-devtools]')?.shadowRoot;
  const open = root?.querySelector('button');
  if (!open) throw new Error('The devtools are not on the page.');
  return { root, open };
}

/** What the tools show. */
function findTools(canvasElement: HTMLElement) {
  const frame = findButton(canvasElement).root?.querySelector('.frame');
  if (!(frame instanceof HTMLElement)) throw new Error('The devtools are not open.');
  return within(frame);
}

export const OverridesAFlag: StoryObj = {
  ...InThePage,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  loaders: [
    () => {
      localStorage.clear();
      return {};
    },
  ],
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const timeout = { timeout: POLL_TIMEOUT_MS };
    const sale = () => canvas.getByTestId('tile winter-sale');
    // Overrides are those of this application and environment.
    const kept = () => localStorage.getItem('appconfig-overrides ["shop","demo"]');
    await waitFor(() => expect(canvas.getByTestId('limit')).toHaveTextContent('20'), timeout);
    const rendersOfSale = sale().textContent;
    const tools = await waitFor(() => findTools(canvasElement), timeout);
    await tools.findAllByText('loaded, 1 component reads it', undefined, timeout);

    await userEvent.click(tools.getByRole('switch', { name: 'basket' }));
    await waitFor(() => expect(canvas.getByTestId('limit')).toHaveTextContent('5'));
    await tools.findByText('override, 1 component reads it', undefined, timeout);
    await expect(sale().textContent).toBe(rendersOfSale);
    await expect(kept()).toContain('basket');

    await userEvent.click(tools.getByRole('button', { name: 'Reset basket' }));
    await waitFor(() => expect(canvas.getByTestId('limit')).toHaveTextContent('20'));
    await expect(kept()).toBeNull();

    await userEvent.click(tools.getByRole('button', { name: 'Session' }));
    await tools.findByText(/flags: version v1/);
    await tools.findByText(/banner: \{"enabled":true/);
    await userEvent.click(tools.getByRole('button', { name: 'Documents' }));
    await tools.findByText('maxItems: 20', { selector: 'code' }, timeout);
    await userEvent.click(tools.getByRole('button', { name: 'Audience' }));
    await tools.findByRole('button', { name: 'Apply' });
  },
};

export const GoesBackToAVersion: StoryObj = {
  ...OverridesAFlag,
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const timeout = { timeout: POLL_TIMEOUT_MS };
    const limit = (text: string) =>
      waitFor(() => expect(canvas.getByTestId('limit')).toHaveTextContent(text), timeout);
    await limit('20');
    const deployed = within(canvas.getByRole('region', { name: /emulated/ }));
    await userEvent.click(deployed.getByRole('switch', { name: 'basket' }));
    await limit('5');
    const tools = findTools(canvasElement);
    const slider = await tools.findByRole('slider', undefined, timeout);
    await userEvent.click(tools.getByText('What differs from v1'));
    const difference = tools.getByRole('group', { name: 'Flags that differ' });
    await expect(difference).toHaveTextContent(
      /basket\{"enabled":true,"maxItems":20\}\{"enabled":false/,
    );
    await fireEvent.change(slider, { target: { value: '0' } });
    await limit('20');
    await tools.findByText('v1, of 2');

    // What is chosen is an override, and outlives the panel.
    const { open } = findButton(canvasElement);
    await userEvent.click(open);
    await userEvent.click(open);
    const opened = await waitFor(() => findTools(canvasElement), timeout);
    await opened.findByText('v1, of 2', undefined, timeout);
    await fireEvent.change(opened.getByRole('slider'), { target: { value: '1' } });
    await limit('5');
  },
};

import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fireEvent, waitFor, within } from 'storybook/test';
import { useFlag, useFlagValue } from '../../src/entries/index.ts';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { RenderCount, useRenderCount } from '../demo/RenderCount.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';

function Banner() {
  const banner = useFlag('banner');
  const renders = <RenderCount count={useRenderCount()} />;
  if (!banner.enabled) return <p className="muted">No banner today. {renders}</p>;
  return (
    <p className="notice">
      <strong>{String(banner['text'])}</strong> {renders}
    </p>
  );
}

function Basket() {
  const limit = useFlagValue('basket', 'maxItems', 5);
  return (
    <div className="product">
      <h3>Your basket</h3>
      <p>
        Up to <strong data-testid="limit">{limit}</strong> items.{' '}
        <RenderCount count={useRenderCount()} />
      </p>
      <p className="muted">
        <code>useFlagValue(&apos;basket&apos;, &apos;maxItems&apos;, 5)</code>
      </p>
    </div>
  );
}

function Page() {
  return (
    <>
      <Banner />
      <Basket />
    </>
  );
}

const meta: Meta<typeof Page> = {
  title: 'Flags/Attributes',
  component: Page,
  parameters: {
    stage: {
      title: 'Attributes of a flag',
      hint: 'Attributes arrive only while their flag is on. Change the text: only the banner renders. Switch the basket off: the limit falls back to its default, 5.',
      flags: {
        banner: { enabled: true, text: 'Free delivery until Sunday' },
        basket: { enabled: true, maxItems: 20 },
      },
    } satisfies StageParameters,
  },
};
export default meta;

export const Attributes: StoryObj = {};

export const FollowsItsAttribute: StoryObj = {
  ...Attributes,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const limitIs = (limit: string) =>
      waitFor(() => expect(canvas.getByTestId('limit')).toHaveTextContent(limit), {
        timeout: POLL_TIMEOUT_MS,
      });
    await limitIs('20');
    await fireEvent.change(canvas.getByRole('spinbutton', { name: 'maxItems' }), {
      target: { value: '35' },
    });
    await limitIs('35');
    await fireEvent.click(canvas.getByRole('switch', { name: 'basket' }));
    await limitIs('5');
  },
};

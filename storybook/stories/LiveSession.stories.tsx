import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { useFlagDetails } from 'react-appconfig';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';

function Explanation() {
  const { flag, reason } = useFlagDetails('search');
  return (
    <div className="product">
      <h3>What to watch</h3>
      <ul className="plain">
        <li>A start call gives the first token of a session, 1.1.</li>
        <li>Each poll spends its token and receives the next: 1.1, 1.2, 1.3…</li>
        <li>An unchanged configuration comes with an empty answer.</li>
        <li>A lost or refused token is never sent again: session 2 begins.</li>
        <li>No poll comes before the interval that the last answer named is over.</li>
      </ul>
      <p className="muted">
        <code>search</code> is {flag.enabled ? 'on' : 'off'}: {reason}
      </p>
    </div>
  );
}

const meta: Meta<typeof Explanation> = {
  title: 'Session/Live timeline',
  component: Explanation,
  parameters: {
    appConfig: { flags: { search: { enabled: true } } },
    stage: {
      hint: 'Below are the requests that this page sends to AWS AppConfig through the real AWS SDK. Expire a token, reset a connection, throttle: the count of protocol violations stays at zero.',
    } satisfies StageParameters,
  },
};
export default meta;

export const LiveTimeline: StoryObj = {
  name: 'Live timeline',
};

export const StartsAnewAfterEachLoss: StoryObj = {
  ...LiveTimeline,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const timeout = { timeout: POLL_TIMEOUT_MS };
    await canvas.findByText('201 session started', undefined, timeout);
    await canvas.findByText(/^200 version v1, \d+ bytes$/, undefined, timeout);
    await userEvent.click(canvas.getByRole('button', { name: 'Token expired' }));
    await canvas.findByText(/BadRequestException \(fault: expired\)/, undefined, timeout);
    await waitFor(
      () => expect(canvas.getAllByText('201 session started')).toHaveLength(2),
      timeout,
    );
    await userEvent.click(canvas.getByRole('button', { name: 'Connection reset' }));
    await canvas.findByText('connection reset (fault: reset)', undefined, timeout);
    await waitFor(() => expect(canvas.getByText('success')).toBeVisible(), timeout);
    await expect(canvas.getByText('0 protocol violations')).toBeVisible();
  },
};

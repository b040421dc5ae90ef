import { QueryClient } from '@tanstack/react-query';
import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, userEvent, waitFor, within } from 'storybook/test';
import { AppConfigClient, appConfigQuery } from 'react-appconfig';
import { persistAppConfig } from 'react-appconfig/persistence';
import { createDemo, DEMO_NAME } from '../demo/createDemo.ts';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';
import { Chat } from '../examples/Chat.tsx';
import code from '../examples/Chat.tsx?raw';

const FLAGS = { 'live-chat': { enabled: true }, recommendations: { enabled: true } };

const meta: Meta<typeof Chat> = {
  title: 'States/Loading and errors',
  component: Chat,
  parameters: { docs: { source: { code } }, appConfig: { flags: FLAGS } },
};
export default meta;

export const Loading: StoryObj = {
  parameters: {
    stage: {
      hint: 'The first answer takes twenty seconds here. Until it comes, hooks say "not known yet", which is not the same as "off": nothing flickers.',
      prepare: (emulator) => emulator.inject({ kind: 'slow', delayMs: 20_000 }),
    } satisfies StageParameters,
  },
};

export const SaysThatNothingIsKnown: StoryObj = {
  ...Loading,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    await expect(canvas.getByRole('status')).toHaveTextContent('Loading');
  },
};

export const ErrorAndRecovery: StoryObj = {
  name: 'Error and recovery',
  parameters: {
    stage: {
      hint: 'Break something: the app keeps the last good configuration and says that it is stale. The session backs off, starts anew and recovers by itself.',
    } satisfies StageParameters,
  },
};

export const SurvivesAnOutage: StoryObj = {
  ...ErrorAndRecovery,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    const timeout = { timeout: POLL_TIMEOUT_MS };
    await canvas.findByText(/All is well/, undefined, timeout);
    await userEvent.click(canvas.getByRole('switch', { name: 'The whole service is down' }));
    await waitFor(
      () => expect(canvas.getByRole('alert')).toHaveTextContent('NetworkFailure'),
      timeout,
    );
    await expect(canvas.getByText(/An agent is online/)).toBeVisible();
    await expect(canvas.getByText(/: stale/)).toBeVisible();
    await userEvent.click(canvas.getByRole('switch', { name: 'The whole service is down' }));
    await canvas.findByText(/All is well/, undefined, timeout);
    await expect(canvas.getByText('0 protocol violations')).toBeVisible();
  },
};

export const FirstPollFails: StoryObj = {
  name: 'The first poll fails',
  parameters: {
    stage: {
      hint: 'The very first call is refused, so there is no configuration: status is "error", flags are at their defaults, and the message says what to check.',
      prepare: (emulator) =>
        emulator.inject({ kind: 'error', status: 403, times: Number.POSITIVE_INFINITY }),
    } satisfies StageParameters,
  },
};

export const SaysWhatToCheck: StoryObj = {
  ...FirstPollFails,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    await expect(await canvas.findByRole('alert')).toHaveTextContent(/AccessDenied.*credentials/);
    await expect(canvas.getByText(/Write us an e-mail/)).toBeVisible();
  },
};

function ChatAndReload() {
  return (
    <>
      <Chat />
      <button type="button" onClick={() => window.location.reload()}>
        Reload this page
      </button>
    </>
  );
}

/** Begins with the configurations of the visit before. */
function createPersistedQueryClient(): QueryClient {
  const queryClient = new QueryClient();
  persistAppConfig(queryClient);
  return queryClient;
}

const loadQueryClient = () => ({ queryClient: createPersistedQueryClient() });

export const AcrossReloads: StoryObj = {
  name: 'Across reloads',
  render: () => <ChatAndReload />,
  loaders: [loadQueryClient],
  parameters: {
    stage: {
      hint: 'The query cache keeps the last good configuration in this browser. Each first answer takes eight seconds here: reload, and the app has its flags at first paint: as loaded if the last answer is less than a minute old, otherwise as stale until the next answer.',
      prepare: (emulator) => emulator.inject({ kind: 'slow', delayMs: 8_000 }),
    } satisfies StageParameters,
  },
};

export const ShowsThePersistedAtFirstPaint: StoryObj = {
  ...AcrossReloads,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  loaders: [
    async () => {
      localStorage.clear();
      const { source } = createDemo({ flags: FLAGS });
      const queryClient = createPersistedQueryClient();
      const client = new AppConfigClient({ ...DEMO_NAME, source, queryClient });
      await queryClient.prefetchQuery(appConfigQuery(client, 'flags'));
      await waitFor(() => expect(localStorage).not.toHaveLength(0));
      client.dispose();
      return loadQueryClient();
    },
  ],
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    await expect(canvas.getByText(/An agent is online/)).toBeVisible();
    await expect(canvas.getByText(/: loaded/)).toBeVisible();
  },
};

import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, fireEvent, userEvent, waitFor, within } from 'storybook/test';
import { z } from 'zod';
import { useAppConfig } from '../../src/entries/index.ts';
import type { StageParameters } from '../demo/DemoStage.tsx';
import { RenderCount, useRenderCount } from '../demo/RenderCount.tsx';
import { POLL_TIMEOUT_MS } from '../demo/waiting.ts';

const SiteSettings = z.object({
  title: z.string(),
  support: z.email(),
  openingHours: z.array(z.string()).min(1),
});

const SETTINGS = {
  title: 'The Outdoor Shop',
  support: 'help@shop.example',
  openingHours: ['Mon to Fri 9 to 18', 'Sat 10 to 16'],
};

function ContactCard() {
  const settings = useAppConfig('site-settings', { schema: SiteSettings });
  const renders = <RenderCount count={useRenderCount()} />;
  if (settings.isPending) return <p className="muted">Loading the settings…</p>;
  if (settings.isError) return <p className="notice bad">{settings.error.message}</p>;
  const { title, support, openingHours } = settings.data;
  return (
    <>
      <div className="product">
        <h3>{title}</h3>
        <p className="muted">{support}</p>
        <ul className="plain">
          {openingHours.map((hours) => (
            <li key={hours}>{hours}</li>
          ))}
        </ul>
        <p className="muted">
          Settings {settings.versionLabel}. {renders}
        </p>
      </div>
      {settings.error ? (
        <p className="notice bad" role="alert">
          <strong>{settings.error.code}.</strong> {settings.error.message}
        </p>
      ) : null}
    </>
  );
}

const meta: Meta<typeof ContactCard> = {
  title: 'Settings/Freeform with a schema',
  component: ContactCard,
  parameters: {
    stage: {
      title: 'Freeform settings, checked by a schema',
      hint: 'A zod schema checks each version once. Deploy a document that breaks it: the card keeps the last good version, and says what is wrong and where.',
      console: 'settings',
      flags: {},
      settings: JSON.stringify(SETTINGS, null, 2),
    } satisfies StageParameters,
  },
};
export default meta;

export const FreeformWithASchema: StoryObj = {
  name: 'Freeform with a schema',
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

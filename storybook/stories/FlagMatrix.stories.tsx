import type { Meta, StoryObj } from '@storybook/react-vite';
import { expect, within } from 'storybook/test';
import { AppConfigTestProvider, flagMatrix } from 'react-appconfig/testing';
import { Shop } from '../examples/Shop.tsx';

/** Each pair of values of any two flags stands in one of these. */
const CASES = flagMatrix({
  'new-checkout': [{ enabled: true, maxItems: 20 }, { enabled: true, maxItems: 5 }, false],
  'winter-sale': [true, false],
});

function EveryPair() {
  return (
    <div className="matrix">
      {CASES.map(({ name, flags }) => (
        <section key={name} aria-label={name}>
          <p className="muted">{name}</p>
          <AppConfigTestProvider flags={flags}>
            <Shop heading="h2" />
          </AppConfigTestProvider>
        </section>
      ))}
    </div>
  );
}

const meta: Meta<typeof EveryPair> = {
  title: 'Storybook/Every pair of flags',
  component: EveryPair,
  parameters: { controls: { exclude: ['pollIntervalInSeconds'] }, layout: 'padded' },
};
export default meta;

export const EveryPairOfFlags: StoryObj = { name: 'Every pair of flags' };

export const ShowsEachCase: StoryObj = {
  ...EveryPairOfFlags,
  tags: ['!dev'],
  globals: { theme: 'dark' },
  async play({ canvasElement }) {
    const canvas = within(canvasElement);
    await expect(canvas.getAllByRole('region')).toHaveLength(CASES.length);
    await expect(canvas.getAllByText(/Winter sale/)).toHaveLength(
      CASES.filter(({ flags }) => flags['winter-sale'] === true).length,
    );
  },
};

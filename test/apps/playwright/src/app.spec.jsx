import { expect, test as base } from '@playwright/experimental-ct-react';
import { appConfigFixture } from 'react-appconfig/playwright';
import { App } from './App.jsx';

const test = base.extend(
  appConfigFixture({
    application: 'shop',
    environment: 'production',
    documents: { 'site-settings': { title: 'The shop' } },
  }),
);

for (const of of ['handler', 'aws']) {
  test(`a page over ${of} shows the flags of its test, and what the test changes`, async ({
    mount,
    appConfig,
  }) => {
    appConfig.setFlag('new-checkout', { enabled: true, maxItems: 20 });
    const component = await mount(<App of={of} />);
    await expect(component).toContainText('The shop');
    await expect(component).toContainText('Up to 20 items');
    appConfig.setFlag('new-checkout', false);
    await expect(component).toContainText('The old checkout');
    appConfig.setDocument('site-settings', { title: 'The new shop' });
    await expect(component).toContainText('The new shop');
    expect(appConfig.emulator.violations).toEqual([]);
  });
}

test('a page of a test that takes no flags asks nobody, and every flag is off', async ({
  mount,
}) => {
  const component = await mount(<App of="aws" />);
  await expect(component).toContainText('The old checkout');
});

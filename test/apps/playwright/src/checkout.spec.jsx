import { expect, test } from '@playwright/experimental-ct-react';
import { CheckoutWithFlags } from './Checkout.jsx';

test('a component has its flags from the first render on, and other ones when they change', async ({
  mount,
  page,
}) => {
  const noise = [];
  page.on('console', (message) => noise.push(message.text()));
  page.on('pageerror', (error) => noise.push(String(error)));
  const component = await mount(
    <CheckoutWithFlags flags={{ 'new-checkout': { enabled: true, maxItems: 20 } }} />,
  );
  await expect(component).toContainText('Up to 20 items');
  await component.update(
    <CheckoutWithFlags flags={{ 'new-checkout': { enabled: true, maxItems: 5 } }} />,
  );
  await expect(component).toContainText('Up to 5 items');
  await component.update(<CheckoutWithFlags flags={{ 'new-checkout': false }} />);
  await expect(component).toContainText('The old checkout');
  expect(noise.filter((line) => !/React DevTools|\[vite\]/.test(line))).toEqual([]);
});

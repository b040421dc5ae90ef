import { render, screen } from '@testing-library/react-native';
import { createElement } from 'react';
import { App } from './App';

test('a flag is on the screen', async () => {
  await render(createElement(App));
  expect(screen.getByText('The shop: up to 20 items')).toBeTruthy();
});

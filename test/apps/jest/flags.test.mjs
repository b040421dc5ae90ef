/** @jest-environment jsdom */
import { render } from '@testing-library/react';
import { createElement } from 'react';
import { AppConfigProvider, useFlagEnabled } from 'react-appconfig';
import { memorySource } from 'react-appconfig/sources';

const Mode = () => (useFlagEnabled('dark') ? 'dark' : 'light');

test('a component reads its flags in an ES module, too', () => {
  const source = memorySource({ flags: { dark: { enabled: true } } });
  const options = { application: 'shop', environment: 'test', flags: 'flags', source };
  render(createElement(AppConfigProvider, options, createElement(Mode)));
  expect(document.body.textContent).toBe('dark');
});

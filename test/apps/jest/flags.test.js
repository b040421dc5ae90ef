/** @jest-environment jsdom */
const { act, render, screen } = require('@testing-library/react');
const { createElement, Fragment } = require('react');
const { AppConfigProvider, Feature, useFlagValue } = require('react-appconfig');
const { memorySource } = require('react-appconfig/sources');

function Checkout() {
  return `up to ${useFlagValue('new-checkout', 'maxItems', 10)} items`;
}

test('components read their flags at the first render, and follow them', () => {
  const source = memorySource({ flags: { 'new-checkout': { enabled: true, maxItems: 20 } } });
  const page = createElement(
    Fragment,
    {},
    createElement(Checkout),
    createElement(Feature, { flag: 'new-checkout', fallback: ', the old one' }, ', the new one'),
  );
  render(
    createElement(
      AppConfigProvider,
      { application: 'shop', environment: 'test', flags: 'flags', source },
      page,
    ),
  );
  expect(document.body.textContent).toBe('up to 20 items, the new one');
  act(() => source.set('flags', { 'new-checkout': { enabled: false } }));
  return screen.findByText(/the old one/);
});

// Not appconfigdata: for a browser, the AWS SDK has ES modules alone, which jest does not require.
test.each(['/session', '/agent', '/emulator', '/emulator/variants'])(
  'react-appconfig%s loads, and shares its errors with the rest',
  (entry) => {
    const names = require(`react-appconfig${entry}`);
    expect(Object.keys(names)).not.toEqual([]);
    const { AppConfigError } = require('react-appconfig');
    expect(names.AppConfigError ?? AppConfigError).toBe(AppConfigError);
  },
);

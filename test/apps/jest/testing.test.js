/** @jest-environment jsdom */
const { render } = require('@testing-library/react');
const { createElement, useState } = require('react');
const { useFlagValue } = require('react-appconfig');
const { createTestAppConfig, flagMatrix, rehearse } = require('react-appconfig/testing');

function Checkout() {
  return `up to ${useFlagValue('new-checkout', 'maxItems', 10)} items`;
}

function Keeper() {
  const [limit] = useState(useFlagValue('new-checkout', 'maxItems', 10));
  return `up to ${limit} items`;
}

const DEPLOYMENT = {
  from: { 'new-checkout': { enabled: true, maxItems: 20 } },
  to: { 'new-checkout': { enabled: true, maxItems: 5 } },
};

test('flags of a test flip when they are told to', () => {
  const { wrapper, setFlag } = createTestAppConfig({ flags: { 'new-checkout': true } });
  render(createElement(Checkout), { wrapper });
  expect(document.body.textContent).toBe('up to 10 items');
  setFlag('new-checkout', { enabled: true, maxItems: 5 });
  expect(document.body.textContent).toBe('up to 5 items');
});

test('a deployment is rehearsed', async () => {
  await rehearse(() => createElement(Checkout), DEPLOYMENT);
  await expect(rehearse(() => createElement(Keeper), DEPLOYMENT)).rejects.toThrow(
    /after the deployment/,
  );
});

test.each(flagMatrix(['new-checkout', 'dark-mode']))(
  'the checkout renders with $name',
  ({ flags }) => {
    render(createElement(Checkout), { wrapper: createTestAppConfig({ flags }).wrapper });
    expect(document.body.textContent).toBe('up to 10 items');
  },
);

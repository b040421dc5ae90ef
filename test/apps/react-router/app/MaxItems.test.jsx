import { renderToString } from 'react-dom/server';
import { AppConfigTestProvider } from 'react-appconfig/testing';
import { expect, it } from 'vitest';
import { MaxItems } from './MaxItems.jsx';

it('shows its flag on a server', () => {
  const flags = { 'new-checkout': { enabled: true, maxItems: 5, _variant: 'free' } };
  const html = renderToString(
    <AppConfigTestProvider flags={flags}>
      <MaxItems />
    </AppConfigTestProvider>,
  );
  expect(html).toContain('max items: 5, loaded, free');
});

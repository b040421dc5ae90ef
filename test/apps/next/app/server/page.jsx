import { Suspense } from 'react';
import { getFlag, getFlagDetails } from '../appConfig.js';

const context = { plan: 'pro' };

async function MaxItems() {
  const { maxItems } = await getFlag('new-checkout', { context });
  const { variant, versionLabel } = await getFlagDetails('new-checkout', { context });
  return <p id="flag">{`max items: ${maxItems}, ${variant} of ${versionLabel}`}</p>;
}

export default function Page() {
  return (
    <Suspense fallback={<p id="shell">shell</p>}>
      <MaxItems />
      <MaxItems />
    </Suspense>
  );
}

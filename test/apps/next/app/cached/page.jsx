import { cacheLife, cacheTag } from 'next/cache';
import { getFlag } from '../appConfig.js';

async function readMaxItems() {
  'use cache';
  cacheTag('appconfig');
  cacheLife({ stale: 60, revalidate: 60, expire: 3_600 });
  const { maxItems } = await getFlag('new-checkout');
  return maxItems;
}

/** Rendered beforehand, and again after `revalidateTag('appconfig', 'max')`, which a deployment event may call. */
export default async function Page() {
  return <p id="flag">{`max items: ${await readMaxItems()}`}</p>;
}

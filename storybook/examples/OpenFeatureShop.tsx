import { OpenFeatureProvider, useNumberFlagDetails } from '@openfeature/react-sdk';
import { OpenFeature } from '@openfeature/web-sdk';
import { useEffect } from 'react';
import { useAppConfigClient, useFlagValue } from 'react-appconfig';
import { OpenFeatureAppConfigProvider } from 'react-appconfig/openfeature';

const DOMAIN = 'shop';

function ByOpenFeature() {
  const { value, reason } = useNumberFlagDetails('new-checkout.maxItems', 10);
  return (
    <p>
      OpenFeature: up to {value} items, {reason}
    </p>
  );
}

function ByOurHook() {
  return <p>useFlagValue: up to {useFlagValue('new-checkout', 'maxItems', 10)} items</p>;
}

export function OpenFeatureShop() {
  const client = useAppConfigClient();
  useEffect(() => {
    const provider = new OpenFeatureAppConfigProvider(client);
    OpenFeature.setProvider(DOMAIN, provider);
    return () => void provider.onClose();
  }, [client]);
  return (
    <OpenFeatureProvider domain={DOMAIN}>
      <ByOpenFeature />
      <ByOurHook />
    </OpenFeatureProvider>
  );
}

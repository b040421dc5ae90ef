import { OpenFeatureProvider, useBooleanFlagValue } from '@openfeature/react-sdk';
import { InMemoryProvider, OpenFeature } from '@openfeature/web-sdk';
import type { Contender, FlagStates } from '../contender.ts';

const flagsOf = (states: FlagStates) =>
  Object.fromEntries(
    Object.entries(states).map(([key, isOn]) => [
      key,
      { disabled: false, variants: { on: true, off: false }, defaultVariant: isOn ? 'on' : 'off' },
    ]),
  );

let count = 0;

/** OpenFeature's React SDK over its own in-memory provider. */
export const openFeature: Contender = async (initial) => {
  count += 1;
  const domain = `bench-${count}`;
  const provider = new InMemoryProvider(flagsOf(initial));
  await OpenFeature.setProviderAndWait(domain, provider);
  return {
    wrap: (children) => <OpenFeatureProvider domain={domain}>{children}</OpenFeatureProvider>,
    useIsOn: (key) => useBooleanFlagValue(key, false),
    async deliver(states, onDelivered) {
      const flags = flagsOf(states);
      onDelivered();
      await provider.putConfiguration(flags);
    },
    dispose: () => OpenFeature.clearProviders(),
  };
};

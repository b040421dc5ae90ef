import { StatsigClient } from '@statsig/js-client';
import { StatsigProvider, useGateValue } from '@statsig/react-bindings';
import type { Contender, FlagStates } from '../contender.ts';

const USER = { userID: 'bench' };
/** No contender tells anybody of what it shows. */
const UNLOGGED = { disableExposureLog: true };

/** Statsig's React bindings over its own client, bootstrapped. They render every reader at each update. */
export const statsig: Contender = async (initial) => {
  const toValues = (states: FlagStates) =>
    JSON.stringify({
      feature_gates: Object.fromEntries(
        Object.entries(states).map(([name, value]) => [
          name,
          { name, value, rule_id: 'bench', id_type: 'userID', secondary_exposures: [] },
        ]),
      ),
      dynamic_configs: {},
      layer_configs: {},
      has_updates: true,
      hash_used: 'none',
      time: 1,
      user: USER,
    });
  const client = new StatsigClient('client-bench', USER, {
    networkConfig: { preventAllNetworkTraffic: true },
    loggingEnabled: 'disabled',
    disableStorage: true,
  });
  client.dataAdapter.setData(toValues(initial));
  client.initializeSync();
  return {
    wrap: (children) => <StatsigProvider client={client}>{children}</StatsigProvider>,
    useIsOn: (key) => useGateValue(key, UNLOGGED),
    async deliver(states, onDelivered) {
      const values = toValues(states);
      onDelivered();
      client.dataAdapter.setData(values);
      client.updateUserSync(USER);
    },
    dispose: () => client.shutdown(),
  };
};

import {
  createClient,
  createLDReactProviderWithClient,
  useBoolVariation,
} from '@launchdarkly/react-sdk';
import type { Contender, FlagStates } from '../contender.ts';

/** The stream that the SDK listens to, with nobody at its other end but the benchmark. */
class OfflineEventSource extends EventTarget {
  static newest: OfflineEventSource | undefined;
  static readonly CLOSED = 2;
  readyState = 1;

  constructor() {
    super();
    OfflineEventSource.newest = this;
  }

  close() {
    this.readyState = 2;
  }
}

const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** LaunchDarkly's React SDK, bootstrapped, its event stream fed by the benchmark. */
export const launchDarkly: Contender = async (initial) => {
  Object.assign(globalThis, { EventSource: OfflineEventSource });
  let version = 1;
  const flagsOf = (states: FlagStates) =>
    Object.fromEntries(
      Object.entries(states).map(([key, value]) => [
        key,
        { version, flagVersion: version, value, variation: value ? 0 : 1, trackEvents: false },
      ]),
    );
  const bootstrap = {
    ...initial,
    $flagsState: Object.fromEntries(
      Object.keys(initial).map((key) => [key, { version: 1, variation: initial[key] ? 0 : 1 }]),
    ),
    $valid: true,
  };
  const client = createClient(
    'bench',
    { kind: 'user', key: 'bench' },
    {
      streaming: true,
      sendEvents: false,
      diagnosticOptOut: true,
      fetchGoals: false,
      logger: SILENT,
    },
  );
  OfflineEventSource.newest = undefined;
  await client.start({ bootstrap });
  while (!OfflineEventSource.newest) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10);
    });
  }
  const stream: EventTarget = OfflineEventSource.newest;
  const Provider = createLDReactProviderWithClient(client);
  return {
    wrap: (children) => <Provider>{children}</Provider>,
    useIsOn: (key) => useBoolVariation(key, false),
    async deliver(states, onDelivered) {
      version += 1;
      const data = JSON.stringify(flagsOf(states));
      onDelivered();
      stream.dispatchEvent(new MessageEvent('put', { data }));
    },
    dispose: () => client.close(),
  };
};

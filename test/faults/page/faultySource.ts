import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import type { ConfigurationSource } from 'react-appconfig/sources';
import { appConfigDataSource } from 'react-appconfig/appconfigdata';

/** How often a call goes to a host that has no address, or to one that does not speak TLS. */
const SHARE = 0.02;

/** What a {@link createFaultySource} is made of. */
export interface FaultySourceOptions {
  port: number;
  random: () => number;
  /** Whether something may go wrong now. */
  isCalm: () => boolean;
  /** Called with each thing that goes wrong. */
  onFault: (kind: string) => void;
  /** Called when a session sends a token that it has sent before. */
  onTokenReused: () => void;
}

/** The real SDK client; at times its host has no address, or answers TLS with something else. */
export function createFaultySource(options: FaultySourceOptions): ConfigurationSource {
  const { port, random, isCalm, onFault, onTokenReused } = options;
  const sourceAt = (endpoint: string) =>
    appConfigDataSource(
      new AppConfigDataClient({
        endpoint,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
      }),
    );
  const good = sourceAt(`http://127.0.0.1:${port}`);
  const nowhere = sourceAt(`http://no-such-host.invalid:${port}`);
  const plain = sourceAt(`https://127.0.0.1:${port}`);
  const choose = () => {
    const chance = isCalm() ? 1 : random();
    if (chance < SHARE) onFault('host name without an address');
    else if (chance < 2 * SHARE) onFault('TLS handshake failed');
    return chance < SHARE ? nowhere : chance < 2 * SHARE ? plain : good;
  };
  const sent = new Set<string>();
  return {
    name: good.name,
    getLatestConfiguration(request, signal) {
      const { token } = request;
      if (token !== undefined && sent.has(token)) onTokenReused();
      if (token !== undefined) sent.add(token);
      return choose().getLatestConfiguration(request, signal);
    },
  };
}

import { ConfigurationSession } from 'react-appconfig/session';
import { createRandom } from '../random.mjs';
import { createFaultySource } from './faultySource.ts';
import { createRecord } from './record.ts';

/** What {@link startNodeClients} starts. */
export interface NodeClientsOptions {
  port: number;
  seed: number;
  count: number;
  profiles: readonly string[];
}

/** Plain sessions in this process, as a server would hold them: react-query polls in browsers alone. */
export function startNodeClients({ port, seed, count, profiles }: NodeClientsOptions) {
  const record = createRecord();
  const random = createRandom(seed);
  let isCalm = true;
  const stopped = new AbortController();

  const follow = async (session: ConfigurationSession<unknown>, reader: string) => {
    while (!stopped.signal.aborted) {
      // What failed has been reported to onError, and the last good configuration stays in use.
      await session.poll().catch(() => undefined);
      const flags: unknown[] = Object.values(Object(session.last?.value));
      const versions = flags.map((flag) => String(Reflect.get(Object(flag), 'version')));
      record.show(reader, new Set(versions));
      record.noteWait(session.msUntilNextPoll);
      await new Promise((resolve) => {
        setTimeout(resolve, Math.max(10, session.msUntilNextPoll));
      });
    }
    session.dispose();
  };
  for (let index = 0; index < count; index += 1) {
    const source = createFaultySource({
      port,
      random,
      isCalm: () => isCalm,
      onFault: (kind) => record.countFault(kind),
      onTokenReused: () => record.countTokenReused(),
    });
    for (const profile of profiles) {
      const session = new ConfigurationSession<unknown>({
        application: 'shop',
        environment: 'production',
        profile,
        source,
        decode: ({ bytes }) => JSON.parse(new TextDecoder().decode(bytes)),
        onError: ({ code }) => record.countError(code),
      });
      void follow(session, `${index}/${profile}`);
    }
  }
  return {
    record,
    calm: (calm: boolean) => {
      isCalm = calm;
      record.longestWaitMs = 0;
    },
    stop: () => stopped.abort(),
  };
}

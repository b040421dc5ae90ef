import { createContext, useContext, useSyncExternalStore } from 'react';
import type { EvaluationContext } from 'react-appconfig';
import { describeFaults } from '../../src/emulator/faults/index.ts';
import type { Demo } from './createDemo.ts';

/** Hands the demo of the stage down. */
export const DemoContext = createContext<Demo | undefined>(undefined);

/** The demo of the stage, rendered again with whatever happens in the emulator. */
export function useDemo(): Demo {
  const demo = useContext(DemoContext);
  if (!demo) throw new Error('useDemo needs a story with parameters.stage.');
  const { emulator } = demo;
  useSyncExternalStore(
    emulator.subscribe,
    () =>
      `${emulator.requests.at(-1)?.id ?? 0}/${demo.version('flags')}/${demo.version('site-settings')}/${describeFaults(emulator.faults).join()}`,
  );
  return demo;
}

/** Hands down who uses the app of the stage. */
export const AudienceContext = createContext<
  readonly [EvaluationContext, (next: EvaluationContext) => void] | undefined
>(undefined);

/** Who uses the app of the stage, and how to let somebody else use it. */
export function useAudience() {
  const audience = useContext(AudienceContext);
  if (!audience) throw new Error('useAudience needs a story with parameters.stage.');
  return audience;
}

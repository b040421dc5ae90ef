import { createContext, useContext, useEffect, useState } from 'react';
import { readRefusal, type ControlRequest } from './controlRequest.ts';

/** How the page's parts reach the emulator. */
export const ControlContext = createContext<Control>({
  request: () => Promise.reject(new Error('There is no emulator to control.')),
  refresh: () => undefined,
});

/** What the page's parts can ask of the emulator. */
export interface Control {
  readonly request: ControlRequest;
  /** Reads the emulator's state anew: something was done to it. */
  readonly refresh: () => void;
}

/** How long an outcome is shown: it may soon be out of date. */
const OUTCOME_MS = 8_000;

/** Something that is done to the emulator, and what became of it. */
export interface Action {
  readonly isRunning: boolean;
  /** What was done. */
  readonly outcome: string | undefined;
  /** Why it was not done. */
  readonly problem: string | undefined;
  /** Does it; resolves with whether it was done. */
  readonly run: (path: string, input: object, outcome: string) => Promise<boolean>;
}

/** Lets a part of the page do something to the emulator. */
export function useAction(): Action {
  const { request, refresh } = useContext(ControlContext);
  const [state, setState] = useState<Omit<Action, 'run'>>({
    isRunning: false,
    outcome: undefined,
    problem: undefined,
  });
  const run = async (path: string, input: object, outcome: string): Promise<boolean> => {
    setState({ isRunning: true, outcome: undefined, problem: undefined });
    const problem = await attempt(request, path, input);
    setState({ isRunning: false, outcome: problem ? undefined : outcome, problem });
    if (!problem) refresh();
    return problem === undefined;
  };
  const { outcome } = state;
  useEffect(() => {
    if (outcome === undefined) return undefined;
    const timeout = setTimeout(
      () => setState((now) => ({ ...now, outcome: undefined })),
      OUTCOME_MS,
    );
    return () => clearTimeout(timeout);
  }, [outcome]);
  return { ...state, run };
}

async function attempt(
  request: ControlRequest,
  path: string,
  input: object,
): Promise<string | undefined> {
  try {
    const response = await request(path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(input),
    });
    return response.ok ? undefined : await readRefusal(response);
  } catch {
    return 'The emulator does not answer.';
  }
}

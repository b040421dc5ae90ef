import { createContext, useContext, useEffect, useState, type ReactNode } from 'react';
import type { Contender, FlagStates } from '../contender.ts';

/** All flags in one React context, as many hand-written providers and some SDKs have it. */
export const context: Contender = async (initial) => {
  const Flags = createContext<FlagStates>(initial);
  let setStates: (states: FlagStates) => void = () => {};
  function Provider({ children }: { children: ReactNode }) {
    const [states, set] = useState(initial);
    useEffect(() => {
      setStates = set;
    }, []);
    return <Flags.Provider value={states}>{children}</Flags.Provider>;
  }
  return {
    wrap: (children) => <Provider>{children}</Provider>,
    useIsOn: (key) => useContext(Flags)[key] === true,
    async deliver(states, onDelivered) {
      onDelivered();
      setStates({ ...states });
    },
    dispose() {},
  };
};

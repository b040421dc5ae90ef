import { createContext, useContext } from 'react';
import type { Contender, Instance } from '../contender.ts';
import { floor } from './floor.tsx';

/** The floor, handed down by a context as every provider does it: what that alone costs in React. */
export const floorInContext: Contender = async (initial) => {
  const store = await floor(initial);
  const Store = createContext<Instance>(store);
  return {
    ...store,
    wrap: (children) => <Store.Provider value={store}>{children}</Store.Provider>,
    useIsOn: (key) => useContext(Store).useIsOn(key),
  };
};

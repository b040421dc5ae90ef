import { QueryClient, QueryObserver } from '@tanstack/react-query';
import type { Contender, FlagStates } from '../contender.ts';
import { floor } from './floor.tsx';

/** The floor, fed by one QueryObserver: what TanStack Query alone costs at each poll. */
export const bareQuery: Contender = async (initial) => {
  const store = await floor(initial);
  const queryClient = new QueryClient();
  let states = initial;
  let onDelivered = () => {};
  const options = {
    queryKey: ['bench'],
    queryFn: async (): Promise<FlagStates> => {
      onDelivered();
      return states;
    },
  };
  const observer = new QueryObserver(queryClient, options);
  const stop = observer.subscribe(({ data }) => {
    if (data) void store.deliver(data, () => {});
  });
  return {
    ...store,
    async deliver(next, delivered) {
      states = next;
      onDelivered = delivered;
      await queryClient.refetchQueries({ queryKey: options.queryKey });
      onDelivered = () => {};
    },
    dispose() {
      stop();
      queryClient.clear();
    },
  };
};

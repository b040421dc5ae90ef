import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import type { Contender } from '../contender.ts';

/** `useQuery` in every component, the first thing that one would write. */
export const naive: Contender = async (initial) => {
  const queryClient = new QueryClient();
  const queryKey = ['flags'];
  let current = initial;
  const options = {
    queryKey,
    queryFn: async () => ({ ...current }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: 60_000,
  };
  await queryClient.prefetchQuery(options);
  return {
    wrap: (children) => <QueryClientProvider client={queryClient}>{children}</QueryClientProvider>,
    useIsOn: (key) =>
      useQuery({ ...options, select: (flags) => flags[key] === true }).data === true,
    async deliver(states, onDelivered) {
      current = states;
      onDelivered();
      await queryClient.refetchQueries({ queryKey });
    },
    dispose: () => queryClient.clear(),
  };
};

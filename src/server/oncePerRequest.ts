import * as React from 'react';

type OncePerRequest = <Value>(create: () => Value) => () => Value;

const everyTime: OncePerRequest = (create) => create;

/**
 * One value for each request while Server Components render, as React's `cache` says; elsewhere one for
 * each call. React 18 has no `cache`.
 *
 * @see https://react.dev/reference/react/cache
 */
export const oncePerRequest: OncePerRequest = 'cache' in React ? React.cache : everyTime;

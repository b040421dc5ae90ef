import * as React from 'react';

/** The time in milliseconds since 1970, rendered again so often: for a countdown, and for what has no event. */
export function useNow(everyMs: number): number {
  const [now, setNow] = React.useState(() => Date.now());
  React.useEffect(() => {
    const interval = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(interval);
  }, [everyMs]);
  return now;
}

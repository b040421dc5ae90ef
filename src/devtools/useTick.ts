import { useEffect, useState } from 'react';

const TICK_MS = 500;

/** Renders again twice a second: for a countdown, and for what has no event. */
export function useTick(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const interval = setInterval(() => setNow(Date.now()), TICK_MS);
    return () => clearInterval(interval);
  }, []);
  return now;
}

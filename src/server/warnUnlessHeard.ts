import type { AppConfigError } from '../errors/index.ts';
import { callListener, warn } from '../session/index.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } } | undefined;

/** An `onError` that cannot end the process by throwing; without one, each failure is warned of in development. */
export function warnUnlessHeard(
  onError: ((error: AppConfigError) => void) | undefined,
): ((error: AppConfigError) => void) | undefined {
  const isProduction = typeof process === 'object' && process.env.NODE_ENV === 'production';
  if (onError) return (error) => callListener(onError, error);
  if (isProduction) return undefined;
  const told = new Set<string>();
  return ({ code, message }) => {
    if (told.has(code)) return;
    told.add(code);
    warn(`${code}: ${message} Give onError to hear of failures.`);
  };
}

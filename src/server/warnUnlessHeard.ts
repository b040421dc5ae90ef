import type { AppConfigError } from '../errors/index.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } } | undefined;

/** Without an `onError`, warns once of each failure in development. */
export function warnUnlessHeard(
  onError: ((error: AppConfigError) => void) | undefined,
): ((error: AppConfigError) => void) | undefined {
  const isProduction = typeof process === 'object' && process.env.NODE_ENV === 'production';
  if (onError || isProduction) return onError;
  const told = new Set<string>();
  return ({ code, message }) => {
    if (told.has(code)) return;
    told.add(code);
    // oxlint-disable-next-line no-console -- what only a developer can see and mend
    console.warn(`react-appconfig: ${code}: ${message} Give onError to hear of failures.`);
  };
}

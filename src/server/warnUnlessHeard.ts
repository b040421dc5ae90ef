import type { AppConfigError } from '../errors/index.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } } | undefined;

/** Tells of each thing that goes wrong once in development, where nobody has asked to hear of it. */
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

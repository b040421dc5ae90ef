import type { Fault } from '../emulator/index.ts';
import { CommandError } from './commandError.ts';

const KINDS: Readonly<Record<string, Fault>> = {
  '403': { kind: 'error', status: 403 },
  '429': { kind: 'error', status: 429 },
  '500': { kind: 'error', status: 500 },
  '503': { kind: 'error', status: 503 },
  reset: { kind: 'reset' },
  slow: { kind: 'slow', delayMs: 3_000 },
  expired: { kind: 'expired' },
  garbage: { kind: 'garbage' },
};

/**
 * Reads `--faults`: `5%` strikes that share of the requests in any way, `5%:429,slow` in these.
 *
 * @throws CommandError
 */
export function readFaultOption(option: string): readonly Fault[] {
  const [, share = '', names = ''] = /^(\d+(?:\.\d+)?)%(?::(.+))?$/.exec(option) ?? [];
  const probability = Number(share) / 100;
  const kinds = names ? names.split(',') : Object.keys(KINDS);
  const faults = kinds.map((name) => (Object.hasOwn(KINDS, name) ? KINDS[name] : undefined));
  if (!(probability > 0 && probability <= 1) || faults.includes(undefined)) {
    throw new CommandError(
      `--faults takes a share and, if you like, kinds, as 5% or 5%:429,slow. Kinds are ${Object.keys(KINDS).join(', ')}.`,
    );
  }
  // One after the other is asked whether it strikes, so that each has its even part of the share.
  return faults.flatMap((fault, index) => {
    const untouched = 1 - (probability * index) / faults.length;
    const own = probability / faults.length / untouched;
    return fault ? [{ ...fault, times: Infinity, probability: own }] : [];
  });
}

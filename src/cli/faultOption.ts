import { FAULT_PRESETS, type Fault } from '../emulator/faults/index.ts';
import { CommandError } from './commandError.ts';

/**
 * Reads `--faults`: `5%` strikes that share of requests in any way, `5%:429,slow` in these ways.
 *
 * @throws CommandError
 */
export function readFaultOption(option: string): readonly Fault[] {
  const [, share = '', names = ''] = /^(\d+(?:\.\d+)?)%(?::(.+))?$/.exec(option) ?? [];
  const probability = Number(share) / 100;
  const kinds = names ? names.split(',') : [...FAULT_PRESETS.keys()];
  const faults = kinds.map((name) => FAULT_PRESETS.get(name)?.fault);
  if (!(probability > 0 && probability <= 1) || faults.includes(undefined)) {
    throw new CommandError(
      `--faults takes a share and, if you like, kinds, as 5% or 5%:429,slow. Kinds are ${[...FAULT_PRESETS.keys()].join(', ')}.`,
    );
  }
  // They are tried one after the other: later ones are more likely, so that all shares are equal.
  return faults.flatMap((fault, index) => {
    const untouched = 1 - (probability * index) / faults.length;
    const own = probability / faults.length / untouched;
    return fault ? [{ ...fault, times: Infinity, probability: own }] : [];
  });
}

import { InvalidArgumentError } from '../errors/index.ts';
import type { ConfigurationSource } from './configurationSource.ts';

/** @throws InvalidArgumentError for anything but a source. */
export function assertSource(source: ConfigurationSource): void {
  if (typeof source?.getLatestConfiguration !== 'function') {
    throw new InvalidArgumentError('source must be a source such as appConfigDataSource(…).');
  }
}

import { InvalidArgumentError } from '../errors/index.ts';
import type { ConfigurationSource } from './configurationSource.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** @throws InvalidArgumentError for anything but a source. */
export function assertSource(source: ConfigurationSource): void {
  if (typeof source?.getLatestConfiguration !== 'function') {
    throw new InvalidArgumentError(
      process.env.NODE_ENV !== 'production' &&
        'source must be a source such as appConfigDataSource(…).',
    );
  }
}

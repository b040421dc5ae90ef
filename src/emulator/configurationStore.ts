import type { Deployment } from './emulatorTypes.ts';
import { resourceNotFound } from './serviceError.ts';

/** A version as it is served. */
export interface DeployedVersion {
  readonly number: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string;
  readonly versionLabel: string | undefined;
}

/** The three identifiers of a configuration. */
export interface ConfigurationName {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
}

/** What has been deployed. */
export class ConfigurationStore {
  readonly #versions = new Map<string, DeployedVersion>();
  readonly #known = new Set<string>();
  #count = 0;

  deploy(deployment: Deployment): void {
    const { application, environment, profile, content, contentType, versionLabel } = deployment;
    const isBytes = content instanceof Uint8Array;
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    this.#known.add(keyOf('application', application));
    this.#known.add(keyOf('environment', application, environment));
    this.#known.add(keyOf('profile', application, profile));
    this.#count += 1;
    this.#versions.set(keyOf('version', application, environment, profile), {
      number: this.#count,
      // A copy, because the caller may go on writing to its own.
      bytes: isBytes ? new Uint8Array(content) : new TextEncoder().encode(text),
      contentType: contentType ?? (isBytes ? 'application/octet-stream' : 'application/json'),
      versionLabel,
    });
  }

  /**
   * The version that is deployed under a name.
   *
   * @throws ServiceError ResourceNotFoundException for the first part of the name that is unknown.
   */
  find({ application, environment, profile }: ConfigurationName): DeployedVersion {
    const referencedBy = {
      ApplicationIdentifier: application,
      EnvironmentIdentifier: environment,
      ConfigurationProfileIdentifier: profile,
    };
    if (!this.#known.has(keyOf('application', application))) {
      throw resourceNotFound('Application', referencedBy);
    }
    if (!this.#known.has(keyOf('environment', application, environment))) {
      throw resourceNotFound('Environment', referencedBy);
    }
    if (!this.#known.has(keyOf('profile', application, profile))) {
      throw resourceNotFound('ConfigurationProfile', referencedBy);
    }
    const version = this.#versions.get(keyOf('version', application, environment, profile));
    if (!version) throw resourceNotFound('Deployment', referencedBy);
    return version;
  }
}

function keyOf(...parts: string[]): string {
  return JSON.stringify(parts);
}

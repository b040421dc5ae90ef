import { DeployedConfiguration, type DeployedVersion } from './deployedConfiguration.ts';
import type {
  ConfigurationName,
  ConfigurationState,
  DeploymentStrategy,
} from './deploymentTypes.ts';
import { hash } from './hash.ts';
import { resourceNotFound } from './serviceError.ts';

/** Something that has a name and an id, each of which finds it. */
interface Resource {
  readonly id: string;
  readonly name: string;
}

interface Application extends Resource {
  readonly environments: Directory<Resource>;
  readonly profiles: Directory<Resource>;
}

/** Everything that was deployed. */
export class ConfigurationStore {
  readonly #applications = new Directory<Application>();
  readonly #configurations = new Map<string, DeployedConfiguration>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Deploys a version; what the name stands for is made where it is missing. */
  deploy(name: ConfigurationName, version: DeployedVersion, strategy?: DeploymentStrategy): void {
    this.#open(name).deploy(version, strategy, this.#now());
  }

  #open({ application, environment, profile }: ConfigurationName): DeployedConfiguration {
    const app = this.#applications.open(application, 'application', (resource) => ({
      ...resource,
      environments: new Directory(),
      profiles: new Directory(),
    }));
    const scope = `${app.name}/`;
    const key = keyOf(
      app,
      app.environments.open(environment, `${scope}environment`, (resource) => resource),
      app.profiles.open(profile, `${scope}profile`, (resource) => resource),
    );
    const existing = this.#configurations.get(key);
    if (existing) return existing;
    const configuration = new DeployedConfiguration();
    this.#configurations.set(key, configuration);
    return configuration;
  }

  /**
   * What is deployed under a name or the ids that stand for it.
   *
   * @throws ServiceError ResourceNotFoundException for the first part of the name that is unknown.
   */
  find({ application, environment, profile }: ConfigurationName): DeployedConfiguration {
    const referencedBy = {
      ApplicationIdentifier: application,
      EnvironmentIdentifier: environment,
      ConfigurationProfileIdentifier: profile,
    };
    const app = this.#applications.find(application);
    if (!app) throw resourceNotFound('Application', referencedBy);
    const env = app.environments.find(environment);
    if (!env) throw resourceNotFound('Environment', referencedBy);
    const prof = app.profiles.find(profile);
    if (!prof) throw resourceNotFound('ConfigurationProfile', referencedBy);
    const configuration = this.#configurations.get(keyOf(app, env, prof));
    if (!configuration) throw resourceNotFound('Deployment', referencedBy);
    return configuration;
  }

  /** The version that a target is served. @throws ServiceError ResourceNotFoundException */
  findVersion(name: ConfigurationName, target: string): DeployedVersion {
    return this.find(name).versionFor(target, this.#now());
  }

  states(): readonly ConfigurationState[] {
    return this.#applications.all().flatMap((app) =>
      app.environments.all().flatMap((env) =>
        app.profiles.all().flatMap((prof) => {
          const configuration = this.#configurations.get(keyOf(app, env, prof));
          if (!configuration) return [];
          const names = {
            application: app.name,
            environment: env.name,
            profile: prof.name,
            applicationId: app.id,
            environmentId: env.id,
            profileId: prof.id,
          };
          return Object.assign(names, configuration.state(this.#now()));
        }),
      ),
    );
  }
}

/** Resources by name and by id; a name that looks like another's id is still a name. */
class Directory<Entry extends Resource> {
  readonly #byName = new Map<string, Entry>();
  readonly #byId = new Map<string, Entry>();

  open(nameOrId: string, scope: string, create: (resource: Resource) => Entry): Entry {
    const existing = this.find(nameOrId);
    if (existing) return existing;
    const entry = create({ name: nameOrId, id: hash(`${scope}/${nameOrId}`).slice(-7) });
    this.#byName.set(entry.name, entry);
    this.#byId.set(entry.id, entry);
    return entry;
  }

  find(nameOrId: string): Entry | undefined {
    return this.#byName.get(nameOrId) ?? this.#byId.get(nameOrId);
  }

  all(): readonly Entry[] {
    return [...this.#byName.values()];
  }
}

function keyOf(...resources: readonly Resource[]): string {
  return JSON.stringify(resources.map(({ name }) => name));
}

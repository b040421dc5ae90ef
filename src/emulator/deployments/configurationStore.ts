import type { DeploymentEvent } from './deploymentEvents.ts';
import { DeployedConfiguration, type DeployedVersion } from './deployedConfiguration.ts';
import type {
  ConfigurationName,
  ConfigurationState,
  DeploymentStrategy,
} from './deploymentTypes.ts';
import { hash } from './hash.ts';

/** Something that has a name and an id, each of which finds it. */
interface Resource {
  readonly id: string;
  readonly name: string;
  /** How many deployments an environment has had, and how many versions a profile. */
  count: number;
}

interface Application extends Resource {
  readonly environments: Directory<Resource>;
  readonly profiles: Directory<Resource>;
}

/** The parts of a configuration that may be missing, in the order in which they are looked for. */
export type ResourceType = 'Application' | 'Environment' | 'ConfigurationProfile' | 'Deployment';

/** Everything that was deployed. */
export class ConfigurationStore {
  readonly #applications = new Directory<Application>();
  readonly #configurations = new Map<string, DeployedConfiguration>();
  readonly #now: () => number;
  readonly #onEvent: (event: DeploymentEvent) => void;

  constructor(now: () => number, onEvent: (event: DeploymentEvent) => void) {
    this.#now = now;
    this.#onEvent = onEvent;
  }

  /** Deploys a version; what the name stands for is made where it is missing. */
  deploy(
    { application, environment, profile }: ConfigurationName,
    prepared: Omit<DeployedVersion, 'number' | 'deployedAt'>,
    strategy?: DeploymentStrategy,
  ): void {
    const app = this.#applications.open(application, 'application', (resource) => ({
      ...resource,
      environments: new Directory(),
      profiles: new Directory(),
    }));
    const scope = `${app.name}/`;
    const env = app.environments.open(environment, `${scope}environment`, (resource) => resource);
    const prof = app.profiles.open(profile, `${scope}profile`, (resource) => resource);
    const key = keyOf(app, env, prof);
    const names = {
      application: app.name,
      environment: env.name,
      profile: prof.name,
      applicationId: app.id,
      environmentId: env.id,
      profileId: prof.id,
    };
    const configuration =
      this.#configurations.get(key) ?? new DeployedConfiguration(names, this.#onEvent);
    this.#configurations.set(key, configuration);
    env.count += 1;
    prof.count += 1;
    const now = this.#now();
    const version = { ...prepared, number: prof.count, deployedAt: Math.round(now) };
    configuration.deploy({ version, deployment: env.count }, strategy, now);
  }

  /** What is deployed under a name or the ids that stand for it, or what of the name is unknown. */
  find({
    application,
    environment,
    profile,
  }: ConfigurationName): DeployedConfiguration | ResourceType {
    const app = this.#applications.find(application);
    if (!app) return 'Application';
    const env = app.environments.find(environment);
    if (!env) return 'Environment';
    const prof = app.profiles.find(profile);
    if (!prof) return 'ConfigurationProfile';
    return this.#configurations.get(keyOf(app, env, prof)) ?? 'Deployment';
  }

  /** Tells of all that has happened by now. */
  settle(): void {
    for (const configuration of this.#configurations.values()) configuration.settle(this.#now());
  }

  states(): readonly ConfigurationState[] {
    return this.#applications.all().flatMap((app) =>
      app.environments.all().flatMap((env) =>
        app.profiles.all().flatMap((prof) => {
          const configuration = this.#configurations.get(keyOf(app, env, prof));
          return configuration ? [configuration.state(this.#now())] : [];
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
    const id = hash(`${scope}/${nameOrId}`).slice(-7);
    const entry = create({ name: nameOrId, id, count: 0 });
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

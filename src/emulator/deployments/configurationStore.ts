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
  readonly environments: Directory<Environment>;
  readonly profiles: Directory<Resource>;
}

interface Environment extends Resource {
  /** By the names of their profiles. */
  readonly configurations: Map<string, DeployedConfiguration>;
}

/** The parts of a configuration that may be missing, in the order in which they are looked for. */
export type ResourceType = 'Application' | 'Environment' | 'ConfigurationProfile' | 'Deployment';

/** Everything that was deployed. */
export class ConfigurationStore {
  readonly #applications = new Directory<Application>();
  readonly #now: () => number;
  readonly #onEvent: (event: DeploymentEvent) => void;

  constructor(now: () => number, onEvent: (event: DeploymentEvent) => void) {
    this.#now = now;
    this.#onEvent = onEvent;
  }

  /** Deploys a version; creates the application, environment and profile if they are missing. */
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
    const env = app.environments.open(environment, `${scope}environment`, (resource) => ({
      ...resource,
      configurations: new Map(),
    }));
    const prof = app.profiles.open(profile, `${scope}profile`, (resource) => resource);
    const names = {
      application: app.name,
      environment: env.name,
      profile: prof.name,
      applicationId: app.id,
      environmentId: env.id,
      profileId: prof.id,
    };
    const configuration =
      env.configurations.get(prof.name) ?? new DeployedConfiguration(names, this.#onEvent);
    env.configurations.set(prof.name, configuration);
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
    return env.configurations.get(prof.name) ?? 'Deployment';
  }

  /** Reports everything that has become due by now. */
  settle(): void {
    for (const configuration of this.#all()) configuration.settle(this.#now());
  }

  states(): readonly ConfigurationState[] {
    return this.#all().map((configuration) => configuration.state(this.#now()));
  }

  #all(): readonly DeployedConfiguration[] {
    return this.#applications
      .all()
      .flatMap(({ environments }) => environments.all())
      .flatMap(({ configurations }) => Array.from(configurations.values()));
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

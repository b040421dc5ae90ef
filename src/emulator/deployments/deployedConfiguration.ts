import {
  toDeploymentEvent,
  type DeploymentEvent,
  type DeploymentEventType,
} from './deploymentEvents.ts';
import type {
  ConfigurationName,
  ConfigurationState,
  DeploymentStrategy,
  DeployedVersionInfo,
  NamesAndIds,
} from './deploymentTypes.ts';
import type { VariantFlag } from './flagVariants.ts';
import { hashNumber } from './hash.ts';

/** How many versions can be looked at and rolled back to. */
const MAX_VERSIONS = 20;
const MINUTE_MS = 60_000;

/** A version as it is served. */
export interface DeployedVersion extends DeployedVersionInfo {
  /** What clients of the data API get. */
  // Not Uint8Array<ArrayBuffer>, which TypeScript before 5.7 cannot read.
  readonly bytes: Uint8Array & { readonly buffer: ArrayBuffer };
  /** What was deployed. */
  readonly source: Uint8Array;
  /** The media type of what was deployed. */
  readonly sourceType: string;
  /** The flags, where the version holds any that have to be evaluated. */
  readonly flags: readonly VariantFlag[] | undefined;
}

/** A version, and the number of the deployment that brought it to its environment. */
interface Release {
  readonly version: DeployedVersion;
  readonly deployment: number;
}

/** A version on its way to all targets. */
interface RollOut extends Release {
  readonly startedAt: number;
  readonly plan: RollOutPlan;
  readonly seed: string;
  /** How many steps have been reported. */
  toldSteps: number;
}

/** How a strategy goes on: a percentage at once, then a larger one with each step. */
interface RollOutPlan {
  /** From the first one on, up to 100. */
  readonly percentages: readonly number[];
  readonly stepMs: number;
  readonly bakeMs: number;
}

/** What one profile serves in one environment: its versions, and which target has which. */
export class DeployedConfiguration {
  readonly names: NamesAndIds;
  readonly #onEvent: (event: DeploymentEvent) => void;
  #versions: readonly DeployedVersion[] = [];
  /** Those that all targets had, the newest last. */
  #live: readonly Release[] = [];
  #rollOut: RollOut | undefined;

  constructor(names: NamesAndIds, onEvent: (event: DeploymentEvent) => void) {
    this.names = names;
    this.#onEvent = onEvent;
  }

  get namesAlone(): ConfigurationName {
    const { application, environment, profile } = this.names;
    return { application, environment, profile };
  }

  deploy(release: Release, strategy: DeploymentStrategy | undefined, now: number): void {
    this.settle(now);
    if (this.#rollOut) this.#tell('On Deployment Rollback', now, this.#rollOut);
    this.#versions = [...this.#versions, release.version].slice(-MAX_VERSIONS);
    // Before the first version there is nothing else to serve.
    const plan = toPlan(this.#live.length > 0 ? strategy : undefined);
    this.#tell('On Deployment Start', now, release);
    this.#rollOut = { ...release, plan, startedAt: now, seed: strategy?.seed ?? '', toldSteps: 0 };
    this.settle(now);
  }

  /** Goes back to the version before; false if there is none. */
  rollBack(now: number): boolean {
    this.settle(now);
    const taken = this.#canRollBack() ? (this.#rollOut ?? this.#live.at(-1)) : undefined;
    if (!taken) return false;
    if (this.#rollOut) this.#rollOut = undefined;
    else this.#live = this.#live.slice(0, -1);
    this.#tell('On Deployment Rollback', now, taken);
    return true;
  }

  /** The version that a target is served. */
  versionFor(target: string, now: number): DeployedVersion {
    this.settle(now);
    const rollOut = this.#rollOut;
    const live = this.#live.at(-1)?.version;
    if (!rollOut) {
      if (!live) throw new Error('Nothing was deployed.');
      return live;
    }
    const place = hashNumber(`${rollOut.seed}/${target}`) % 10_000;
    return live && place / 100 >= percentageAt(rollOut, now) ? live : rollOut.version;
  }

  findVersion(number: number): DeployedVersion | undefined {
    return this.#versions.find((version) => version.number === number);
  }

  state(now: number): ConfigurationState {
    this.settle(now);
    const rollOut = this.#rollOut;
    return {
      ...this.names,
      versions: this.#versions.map(
        ({ number, versionLabel, sourceType, contentBytes, deployedAt }) => ({
          number,
          versionLabel,
          contentType: sourceType,
          contentBytes,
          deployedAt,
        }),
      ),
      live: this.#live.at(-1)?.version.number,
      canRollBack: this.#canRollBack(),
      rollOut: rollOut && {
        version: rollOut.version.number,
        percentage: percentageAt(rollOut, now),
      },
    };
  }

  /** Reports the steps that are past, and ends a roll-out that is over. */
  settle(now: number): void {
    const rollOut = this.#rollOut;
    if (!rollOut) return;
    const { startedAt, plan } = rollOut;
    const { percentages, stepMs, bakeMs } = plan;
    for (; rollOut.toldSteps < percentages.length; rollOut.toldSteps += 1) {
      const at = startedAt + rollOut.toldSteps * stepMs;
      if (at > now) return;
      if (percentages.length > 1) this.#tell('On Deployment Step', at, rollOut);
      if (rollOut.toldSteps === percentages.length - 1) {
        this.#tell('On Deployment Baking', at, rollOut);
      }
    }
    const endsAt = startedAt + (percentages.length - 1) * stepMs + bakeMs;
    if (endsAt > now) return;
    this.#rollOut = undefined;
    this.#live = [...this.#live, rollOut].slice(-MAX_VERSIONS);
    this.#tell('On Deployment Complete', endsAt, rollOut);
  }

  #canRollBack(): boolean {
    return this.#live.length > (this.#rollOut ? 0 : 1);
  }

  #tell(type: DeploymentEventType, at: number, { deployment, version }: Release): void {
    this.#onEvent(toDeploymentEvent(type, at, this.names, { deployment, version: version.number }));
  }
}

/**
 * The percentages of a strategy. AWS describes linear growth in two ways, from 0 % on and from the growth
 * factor on; this is the second one, of UpdateDeploymentStrategy.
 *
 * @see https://docs.aws.amazon.com/appconfig/2019-10-09/APIReference/API_UpdateDeploymentStrategy.html
 */
function toPlan(strategy: DeploymentStrategy | undefined): RollOutPlan {
  if (!strategy) return { percentages: [100], stepMs: 0, bakeMs: 0 };
  const { deploymentDurationInMinutes, growthFactor, growthType = 'LINEAR' } = strategy;
  const isLinear = growthType === 'LINEAR';
  const steps = Math.ceil(isLinear ? 100 / growthFactor : Math.log2(100 / growthFactor));
  const stepMs = (deploymentDurationInMinutes * MINUTE_MS) / Math.max(1, steps);
  const grown = Array.from({ length: steps + 1 }, (_, step) =>
    isLinear ? growthFactor * (step + 1) : growthFactor * 2 ** step,
  ).filter((percentage) => percentage < 100);
  return {
    percentages: stepMs > 0 ? [...grown, 100] : [100],
    stepMs,
    bakeMs: (strategy.finalBakeTimeInMinutes ?? 0) * MINUTE_MS,
  };
}

function percentageAt({ plan, startedAt }: RollOut, now: number): number {
  const { percentages, stepMs } = plan;
  const step = stepMs > 0 ? Math.floor((now - startedAt) / stepMs) : 0;
  return percentages[Math.min(step, percentages.length - 1)] ?? 100;
}

import type {
  DeploymentState,
  DeploymentStrategy,
  DeployedVersionInfo,
} from './deploymentTypes.ts';
import type { VariantFlag } from './flagVariants.ts';
import { hashNumber } from './hash.ts';

/** How many versions can be looked at and rolled back to. */
const MAX_VERSIONS = 20;
const MINUTE_MS = 60_000;

/** A version as it is served. */
export interface DeployedVersion extends DeployedVersionInfo {
  /** What clients of the data API get. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** What was deployed. */
  readonly source: Uint8Array;
  /** The media type of what was deployed. */
  readonly sourceType: string;
  /** The flags, where the version holds any that have to be evaluated. */
  readonly flags: readonly VariantFlag[] | undefined;
}

/** A version on its way to all targets. */
interface RollOut {
  readonly version: DeployedVersion;
  readonly startedAt: number;
  readonly strategy: DeploymentStrategy;
}

/** What one profile serves in one environment: its versions, and which target has which. */
export class DeployedConfiguration {
  #versions: readonly DeployedVersion[] = [];
  /** Those that all targets had, the newest last. */
  #live: readonly DeployedVersion[] = [];
  #rollOut: RollOut | undefined;

  deploy(version: DeployedVersion, strategy: DeploymentStrategy | undefined, now: number): void {
    this.#finishRollOut(now);
    this.#versions = [...this.#versions, version].slice(-MAX_VERSIONS);
    if (strategy && this.#live.length > 0) {
      this.#rollOut = { version, strategy, startedAt: now };
    } else {
      this.#rollOut = undefined;
      this.#goLive(version);
    }
  }

  /** Goes back to the version before; false if there is none. */
  rollBack(now: number): boolean {
    this.#finishRollOut(now);
    if (!this.#canRollBack()) return false;
    if (this.#rollOut) this.#rollOut = undefined;
    else this.#live = this.#live.slice(0, -1);
    return true;
  }

  /** The version that a target is served. */
  versionFor(target: string, now: number): DeployedVersion {
    this.#finishRollOut(now);
    const live = this.#live.at(-1);
    if (!live) throw new Error('Nothing was deployed.');
    if (!this.#rollOut) return live;
    const { version, strategy } = this.#rollOut;
    const place = hashNumber(`${strategy.seed ?? ''}/${target}`) % 10_000;
    return place / 100 < this.#percentage(this.#rollOut, now) ? version : live;
  }

  findVersion(number: number): DeployedVersion | undefined {
    return this.#versions.find((version) => version.number === number);
  }

  state(now: number): DeploymentState {
    this.#finishRollOut(now);
    const rollOut = this.#rollOut;
    return {
      versions: this.#versions.map(
        ({ number, versionLabel, sourceType, contentBytes, deployedAt }) => ({
          number,
          versionLabel,
          contentType: sourceType,
          contentBytes,
          deployedAt,
        }),
      ),
      live: this.#live.at(-1)?.number,
      canRollBack: this.#canRollBack(),
      rollOut: rollOut && {
        version: rollOut.version.number,
        percentage: this.#percentage(rollOut, now),
      },
    };
  }

  #canRollBack(): boolean {
    return this.#rollOut !== undefined || this.#live.length > 1;
  }

  #goLive(version: DeployedVersion): void {
    this.#live = [...this.#live, version].slice(-MAX_VERSIONS);
  }

  #finishRollOut(now: number): void {
    if (!this.#rollOut || this.#percentage(this.#rollOut, now) < 100) return;
    this.#goLive(this.#rollOut.version);
    this.#rollOut = undefined;
  }

  /** @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-creating-deployment-strategy.html */
  #percentage({ strategy, startedAt }: RollOut, now: number): number {
    const { deploymentDurationInMinutes, growthFactor, growthType = 'LINEAR' } = strategy;
    const isLinear = growthType === 'LINEAR';
    const steps = Math.ceil(isLinear ? 100 / growthFactor : Math.log2(100 / growthFactor));
    const stepMs = (deploymentDurationInMinutes * MINUTE_MS) / Math.max(1, steps);
    const done = stepMs > 0 ? Math.floor((now - startedAt) / stepMs) : steps;
    return Math.min(100, isLinear ? growthFactor * (done + 1) : growthFactor * 2 ** done);
  }
}

import type { DecodeOptions } from '../configuration/index.ts';
import { InvalidArgumentError, type AppConfigError } from '../errors/index.ts';
import {
  assertEvaluationContext,
  assertSource,
  isForEverybody,
  toConfigurationRequest,
  toEvaluationContext,
  type Clock,
  type ConfigurationSource,
  type EvaluationContext,
} from '../session/index.ts';
import { readAllowances, type AllowedProfiles, type AnyAllowance } from './allowed.ts';
import { createAudienceCache } from './audienceCache.ts';
import { ServerProfile } from './serverProfile.ts';
import { createSharedContents } from './sharedContents.ts';

const DEFAULT_MAX_AUDIENCES = 100_000;
/** Somebody waits for the first answer, and after an outage everybody does for the next. */
const DEFAULT_TIMEOUT_MS = 10_000;

/** What everything on a server reads from. */
export interface ServerProfilesOptions extends DecodeOptions {
  /** The application's id or name in AWS AppConfig, 1 to 128 characters. */
  application: string;
  /** The environment's id or name in AWS AppConfig, 1 to 128 characters. */
  environment: string;
  /**
   * Where configurations come from: `appConfigDataSource`, or `agentSource` where flags have variants, roll
   * out by entity or are part of experiments, which only the Agent evaluates.
   */
  source: ConfigurationSource;
  /**
   * The least number of seconds between two polls, 15 to 86,400. The answered interval outranks it.
   * @default the service's own, 60 at the time of writing
   */
  requiredMinimumPollIntervalInSeconds?: number | undefined;
  /**
   * Milliseconds after which an unanswered request to the source counts as failed.
   * @default 10000
   */
  requestTimeoutMs?: number | undefined;
  /**
   * For how many different contexts and entities answers are kept in memory, equal ones once; those that were used
   * least recently are forgotten, and those that came in one poll interval alone before those that came again.
   * @default 100000
   */
  maxAudiences?: number | undefined;
  /** Called once for each failure, while the last good configuration stays in use. */
  onError?: ((error: AppConfigError) => void) | undefined;
  /** Where time comes from. @default the machine's */
  clock?: Clock | undefined;
  /** Numbers from 0 to 1 for the jitter. @default Math.random */
  random?: (() => number) | undefined;
}

/** What is asked for, and for whom. */
export interface ServerProfileRequest extends EvaluationContext {
  readonly profile: string;
  /** Of an entity or a context, the only flags that are asked for, in order. */
  readonly flagKeys?: readonly string[] | undefined;
}

/**
 * The profiles of a process: one upstream session for each that is the same for everybody, and a bounded
 * number for those that depend on who asks.
 *
 * @throws InvalidArgumentError from `get` for an entity or a context that cannot be asked for.
 */
export function createServerProfiles(
  options: ServerProfilesOptions & {
    profiles?: AllowedProfiles | undefined;
    flags?: string | undefined;
  },
) {
  const { maxAudiences = DEFAULT_MAX_AUDIENCES, profiles = {}, flags } = options;
  const { application, environment, requiredMinimumPollIntervalInSeconds } = options;
  const { requestTimeoutMs = DEFAULT_TIMEOUT_MS } = options;
  assertSource(options.source);
  const allowances = readAllowances(profiles);
  if (!Number.isInteger(maxAudiences) || maxAudiences < 1) {
    throw new InvalidArgumentError(
      `maxAudiences must be a whole number from 1 on, not ${maxAudiences}. Leave it out for ${DEFAULT_MAX_AUDIENCES}.`,
    );
  }
  toConfigurationRequest({
    application,
    environment,
    profile: flags ?? 'flags',
    requiredMinimumPollIntervalInSeconds,
  });
  const isFlags = (profile: string) =>
    profile === flags || (allowances.get(profile) ?? 'all') !== 'all';
  const { source, maxContentBytes, parseYaml, decoders, onError, clock, random } = options;
  // Nothing else of the options: those of a handler have an entity and a context, too.
  const profileOptions = {
    application,
    environment,
    source,
    requiredMinimumPollIntervalInSeconds,
    requestTimeoutMs,
    maxContentBytes,
    parseYaml,
    decoders,
    onError,
    clock,
    random,
    contents: createSharedContents(),
    noteFlags: createTypoCheck(allowances, onError),
  };
  const shared = new Map<string, ServerProfile>();
  const byAudience = createAudienceCache<ServerProfile>(maxAudiences);

  return {
    allowances,
    clock,
    get(request: ServerProfileRequest): ServerProfile {
      const { profile, flagKeys } = request;
      // In production too: who asks is what a stranger may have sent.
      assertEvaluationContext(request);
      const who = toEvaluationContext(request);
      const { entityId, context = {} } = who;
      const isShared = isForEverybody(who);
      const entries = Object.entries(context);
      const key = isShared
        ? profile
        : JSON.stringify([profile, entityId, entries.toSorted(byKey), flagKeys]);
      const known = isShared ? shared.get(key) : byAudience.get(key);
      if (known) return known;
      const made = new ServerProfile(profileOptions, {
        ...who,
        profile,
        isFlags: isFlags(profile),
        isPersonal: !isShared,
        flagKeys: isShared ? undefined : flagKeys,
      });
      if (isShared) shared.set(key, made);
      else byAudience.set(key, made);
      return made;
    },
  };
}

/** Reports flags that may leave the server and that no document has, each once: they are misspelt, or gone. */
function createTypoCheck(
  allowances: ReadonlyMap<string, AnyAllowance>,
  onError: ServerProfilesOptions['onError'],
) {
  const reported = new Set<string>();
  return (profile: string, flags: object): void => {
    const allowance = allowances.get(profile);
    if (!Array.isArray(allowance)) return;
    const unknown = allowance.filter(
      (key) => !Object.hasOwn(flags, key) && !reported.has(`${profile} ${key}`),
    );
    if (unknown.length === 0) return;
    unknown.forEach((key) => reported.add(`${profile} ${key}`));
    onError?.(
      new InvalidArgumentError(
        `profiles["${profile}"] allows ${unknown.join(', ')}, and the profile has ${Object.keys(flags).join(', ') || 'no flags'}. Correct the name, or take it out.`,
        { profile },
      ),
    );
  };
}

/** What {@link createServerProfiles} makes. */
export type ServerProfiles = ReturnType<typeof createServerProfiles>;

function byKey([a]: readonly [string, string], [b]: readonly [string, string]): number {
  return a < b ? -1 : 1;
}

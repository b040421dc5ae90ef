import { MAX_IDENTIFIER_LENGTH } from './limits.ts';
import { InvalidArgumentError } from '../errors/index.ts';
import type { DeployedVersion } from './deployedConfiguration.ts';
import type { ConfigurationName, Deployment, DeploymentStrategy } from './deploymentTypes.ts';
import {
  checkDeliveredFlags,
  isFlagDocument,
  looksLikeFlagDocument,
  readFlagDocument,
} from './flagDocument.ts';
import {
  defaultFlags,
  type FlagsReading,
  type MultiVariantFlags,
  type VariantFlag,
} from './flagVariants.ts';
import { InvalidConfigurationError, type ConfigurationIssue } from './invalidConfigurationError.ts';
import { isJsonType } from './json.ts';

const MAX_CONTENT_BYTES = 2 * 1024 * 1024;
const MAX_LABEL_LENGTH = 64;
const MAX_DEPLOYMENT_IN_MINUTES = 1_440;
const ION_TYPE = /^application\/ion(\s|;|$)/i;
const FREEFORM_PARAMETER = /;\s*type=AWS\.Freeform\s*(;|$)/;
const FLAGS_PARAMETER = /;\s*type=AWS\.AppConfig\.FeatureFlags\s*(;|$)/;
const IF_IT_IS_NOT =
  'It looks like feature flags as they are stored: if it is none, deploy it with type "AWS.Freeform", in the name of a file as .application%json%type=AWS.Freeform.';

/** What a deployment serves, but for its number and its time. */
export type PreparedVersion = Omit<DeployedVersion, 'number' | 'deployedAt'>;

/**
 * Checks a deployment and makes of it what is served.
 *
 * @throws InvalidConfigurationError for its content.
 * @throws InvalidArgumentError for everything else.
 */
export function readDeployment(
  deployment: Deployment,
  multiVariantFlags: MultiVariantFlags | undefined,
): PreparedVersion {
  checkName(deployment);
  checkLabel(deployment.versionLabel);
  checkStrategy(deployment.strategy);
  const { content, versionLabel, profile } = deployment;
  const isBytes = content instanceof Uint8Array;
  const contentType =
    deployment.contentType ?? (isBytes ? 'application/octet-stream' : 'application/json');
  const source = toBytes(content);
  if (!source) {
    throw new InvalidArgumentError('"content" must be text, bytes or a value that JSON can hold.');
  }
  const contentBytes = source.byteLength;
  const { flags, issues, hint } =
    contentBytes > MAX_CONTENT_BYTES
      ? tooLarge(contentBytes)
      : readFlags(deployment, contentType, source, multiVariantFlags);
  if (issues.length > 0) throw new InvalidConfigurationError(profile, issues, hint);
  const bytes = flags ? new TextEncoder().encode(JSON.stringify(defaultFlags(flags))) : source;
  // Clients of the data API get basic flags as JSON, whichever form they were stored in.
  const servedType = flags ? 'application/json' : contentType;
  return {
    bytes,
    source,
    flags,
    contentType: servedType,
    sourceType: contentType,
    contentBytes,
    versionLabel,
  };
}

/** @throws InvalidArgumentError for an identifier that is no text of 1 to 128 characters. */
function checkName({ application, environment, profile }: ConfigurationName): void {
  for (const [name, value] of Object.entries({ application, environment, profile })) {
    if (typeof value !== 'string' || value.length < 1 || value.length > MAX_IDENTIFIER_LENGTH) {
      throw new InvalidArgumentError(
        `"${name}" must be a text of 1 to ${MAX_IDENTIFIER_LENGTH} characters.`,
      );
    }
  }
}

function checkLabel(label: unknown): void {
  const isLabel = typeof label === 'string' && label.length <= MAX_LABEL_LENGTH && /\D/.test(label);
  if (label === undefined || isLabel) return;
  throw new InvalidArgumentError(
    `"versionLabel" must be a text of 1 to ${MAX_LABEL_LENGTH} characters that are not digits alone.`,
  );
}

function checkStrategy(strategy: DeploymentStrategy | undefined): void {
  if (strategy === undefined) return;
  const { deploymentDurationInMinutes: duration, growthFactor, growthType = 'LINEAR' } = strategy;
  if (!(duration >= 0 && duration <= MAX_DEPLOYMENT_IN_MINUTES)) {
    throw new InvalidArgumentError(
      `"deploymentDurationInMinutes" must be a number from 0 to ${MAX_DEPLOYMENT_IN_MINUTES}.`,
    );
  }
  if (!(growthFactor >= 1 && growthFactor <= 100)) {
    throw new InvalidArgumentError('"growthFactor" must be a percentage from 1 to 100.');
  }
  if (growthType !== 'LINEAR' && growthType !== 'EXPONENTIAL') {
    throw new InvalidArgumentError('"growthType" must be LINEAR or EXPONENTIAL.');
  }
}

function toBytes(content: unknown): Uint8Array<ArrayBuffer> | undefined {
  // A copy, because the caller may go on writing to its own.
  if (content instanceof Uint8Array) return new Uint8Array(content);
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return typeof text === 'string' ? new TextEncoder().encode(text) : undefined;
}

/** What content holds. */
interface ReadContent {
  /** Flags that have to be evaluated. */
  readonly flags?: readonly VariantFlag[];
  /** What is wrong with it. */
  readonly issues: readonly ConfigurationIssue[];
  /** What to do besides correcting it. */
  readonly hint?: string;
}

function readFlags(
  { content, type }: Deployment,
  contentType: string,
  source: Uint8Array,
  multiVariantFlags: MultiVariantFlags | undefined,
): ReadContent {
  if (type === 'AWS.Freeform' || FREEFORM_PARAMETER.test(contentType)) return { issues: [] };
  if (ION_TYPE.test(contentType)) return readIonFlags(source, multiVariantFlags);
  const isFlags = type === 'AWS.AppConfig.FeatureFlags' || FLAGS_PARAMETER.test(contentType);
  if (!isJsonType(contentType)) {
    const message = 'feature flags are JSON or Amazon Ion: correct the content type';
    return { issues: isFlags ? [{ message }] : [] };
  }
  const isText = typeof content === 'string' || content instanceof Uint8Array;
  const { value, problem } = isText ? readJson(source) : { value: content };
  if (!isFlags) {
    if (!looksLikeFlagDocument(value)) return { issues: [] };
    const { flags, issues } = readFlagDocument(value, multiVariantFlags);
    return { flags, issues, hint: IF_IT_IS_NOT };
  }
  if (isFlagDocument(value)) return readFlagDocument(value, multiVariantFlags);
  return { issues: problem ? [{ message: problem }] : checkDeliveredFlags(value) };
}

function tooLarge(contentBytes: number): ReadContent {
  const message = `it has ${contentBytes} bytes, more than AWS AppConfig's ${MAX_CONTENT_BYTES}`;
  return { issues: [{ message }] };
}

function readIonFlags(
  source: Uint8Array,
  multiVariantFlags: MultiVariantFlags | undefined,
): FlagsReading {
  if (multiVariantFlags) return multiVariantFlags.readIon(new TextDecoder().decode(source));
  const message =
    'Amazon Ion needs createEmulator({ multiVariantFlags }), from react-appconfig/emulator/variants';
  return { flags: [], issues: [{ message }] };
}

function readJson(source: Uint8Array): { value?: unknown; problem?: string } {
  try {
    return { value: JSON.parse(new TextDecoder().decode(source)) };
  } catch (error) {
    return { problem: `it is not valid JSON: ${error instanceof Error ? error.message : ''}` };
  }
}

import { MAX_IDENTIFIER_LENGTH } from './limits.ts';
import type { DeployedVersion } from './deployedConfiguration.ts';
import type { ConfigurationName, Deployment, DeploymentStrategy } from './deploymentTypes.ts';
import {
  checkDeliveredFlags,
  isFlagDocument,
  looksLikeFlagDocument,
  readFlagDocument,
} from './flagDocument.ts';
import { defaultFlags, type FlagsReading, type VariantFlag } from './flagVariants.ts';
import type { MultiVariantFlags } from './multiVariantFlags.ts';
import { InvalidConfigurationError, type ConfigurationIssue } from './invalidConfigurationError.ts';
import { isJsonType } from './json.ts';
import type { Members } from './members.ts';

const MAX_CONTENT_BYTES = 2 * 1024 * 1024;
const MAX_LABEL_LENGTH = 64;
const MAX_CONTENT_TYPE_LENGTH = 255;
const MAX_DEPLOYMENT_IN_MINUTES = 1_440;
const TYPES = ['AWS.AppConfig.FeatureFlags', 'AWS.Freeform'] as const;
const GROWTH_TYPES = ['LINEAR', 'EXPONENTIAL'] as const;
const HEADER = /^[\t\x20-\x7e\x80-\xff]*$/;
const ION_TYPE = /^application\/ion(\s|;|$)/i;
const FREEFORM_PARAMETER = /;\s*type=AWS\.Freeform\s*(;|$)/;
const FLAGS_PARAMETER = /;\s*type=AWS\.AppConfig\.FeatureFlags\s*(;|$)/;
const IF_IT_IS_NOT =
  'It looks like feature flags. If not, deploy it with type "AWS.Freeform": .application%json%type=AWS.Freeform.';

/** What a deployment serves, but for its number and its time. */
type PreparedVersion = Omit<DeployedVersion, 'number' | 'deployedAt'>;

/**
 * Turns a deployment into what is served.
 *
 * @throws InvalidConfigurationError for content that AWS AppConfig would refuse.
 */
export function prepareVersion(
  deployment: Deployment,
  multiVariantFlags: MultiVariantFlags | undefined,
): PreparedVersion {
  const { content, versionLabel, profile } = deployment;
  const isBytes = content instanceof Uint8Array;
  const contentType =
    deployment.contentType ?? (isBytes ? 'application/octet-stream' : 'application/json');
  const source = toBytes(content);
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

/**
 * Reads a deployment as somebody wrote it, in code or over HTTP.
 *
 * @throws InvalidArgumentError with the name of the member that is wrong.
 */
export function readDeployment(members: Members): Deployment {
  const name = readConfigurationName(members);
  const content = members.value('content');
  if (!isContent(content)) {
    throw members.refuse('content', 'must be text, bytes or a value that JSON can hold');
  }
  return {
    ...name,
    content,
    contentType: members.optional('contentType', (member) =>
      readHeader(members, member, MAX_CONTENT_TYPE_LENGTH),
    ),
    versionLabel: members.optional('versionLabel', (member) => readLabel(members, member)),
    type: members.optional('type', (member) => members.oneOf(member, TYPES)),
    strategy: members.optional('strategy', (member) => readStrategy(members.object(member))),
  };
}

/** The names of a configuration. @throws InvalidArgumentError */
export function readConfigurationName(members: Members): ConfigurationName {
  const read = (name: string) => members.text(name, { max: MAX_IDENTIFIER_LENGTH });
  return {
    application: read('application'),
    environment: read('environment'),
    profile: read('profile'),
  };
}

function isContent(content: unknown): content is Deployment['content'] {
  return content instanceof Uint8Array || JSON.stringify(content) !== undefined;
}

function readLabel(members: Members, name: string): string {
  const label = readHeader(members, name, MAX_LABEL_LENGTH);
  if (label !== label.trim()) throw members.refuse(name, 'must have no blanks around it');
  if (/\D/.test(label)) return label;
  throw members.refuse(name, 'must not consist of digits alone');
}

/** A text that travels as the value of a header. */
function readHeader(members: Members, name: string, max: number): string {
  const text = members.text(name, { max });
  if (HEADER.test(text)) return text;
  throw members.refuse(name, 'travels in a header: no line breaks, no characters beyond Latin-1');
}

function readStrategy(members: Members): DeploymentStrategy {
  const minutes = (name: string) =>
    members.number(name, { min: 0, max: MAX_DEPLOYMENT_IN_MINUTES });
  const strategy = {
    deploymentDurationInMinutes: minutes('deploymentDurationInMinutes'),
    growthFactor: members.number('growthFactor', { min: 1, max: 100 }),
    growthType: members.optional('growthType', (name) => members.oneOf(name, GROWTH_TYPES)),
    finalBakeTimeInMinutes: members.optional('finalBakeTimeInMinutes', minutes),
    seed: members.optional('seed', (name) => members.text(name, { min: 0 })),
  };
  members.assertNoOthers();
  return strategy;
}

function toBytes(content: Deployment['content']): Uint8Array<ArrayBuffer> {
  // A copy, because the caller may go on writing to its own.
  if (content instanceof Uint8Array) return new Uint8Array(content);
  return new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
}

/**
 * Why content that a person saved or typed cannot be read; undefined if it can. AWS
 * AppConfig would deliver it, but half a document is never what somebody wanted to deploy.
 */
export function findContentProblem(
  content: string | Uint8Array,
  contentType: string,
): string | undefined {
  if (content.length === 0) return 'It is empty.';
  if (!isJsonType(contentType)) return undefined;
  try {
    JSON.parse(
      typeof content === 'string'
        ? content
        : new TextDecoder('utf-8', { fatal: true }).decode(content),
    );
    return undefined;
  } catch (error) {
    return `It is not valid JSON: ${error instanceof Error ? error.message : ''}`;
  }
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

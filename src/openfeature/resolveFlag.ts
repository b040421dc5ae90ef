import {
  ErrorCode,
  StandardResolutionReasons,
  type JsonValue,
  type ResolutionDetails,
} from '@openfeature/web-sdk';
import {
  evaluateFlag,
  findAttribute,
  isFlagKnown,
  type FlagReason,
  type KnownFlags,
  type UntypedFlag,
} from '../flags/index.ts';
import { toAttributes } from './findChanged.ts';

/** What OpenFeature can ask for. */
export type ValueType = 'boolean' | 'string' | 'number' | 'object';

/** What is known of a profile, as far as an answer depends on it. */
export interface ResolvableFlags extends KnownFlags {
  readonly isSettled: boolean;
  readonly error: Error | undefined;
}

/** A flag, and which of its attributes is meant. */
interface FlagName {
  readonly flag: string;
  readonly attribute: string | undefined;
}

/** Answers OpenFeature's question for a flag, or for an attribute of one. */
export function resolveFlag<Value extends JsonValue>(
  known: ResolvableFlags,
  flagKey: string,
  defaultValue: Value,
  type: ValueType,
  isValue: (value: unknown) => value is Value,
): ResolutionDetails<Value> {
  const name = readName(known, flagKey);
  if (!isFlagKnown(known, name.flag)) return explainUnknown(known, name.flag, defaultValue);
  const { flag, reason, versionLabel } = evaluateFlag(known, name.flag);
  const details = {
    ...(flag._variant !== undefined && { variant: flag._variant }),
    reason: toResolutionReason(reason, flag),
    flagMetadata: { ...(versionLabel !== undefined && { versionLabel }) },
  };
  if (!flag.enabled && !(type === 'boolean' && name.attribute === undefined)) {
    return { ...details, value: defaultValue, reason: StandardResolutionReasons.DISABLED };
  }
  const value = readValue(flag, name, type);
  if (isValue(value)) return { ...details, value };
  return value === undefined
    ? refuse(defaultValue, ErrorCode.FLAG_NOT_FOUND, explainMissing(flag, name, type))
    : refuse(
        defaultValue,
        ErrorCode.TYPE_MISMATCH,
        `"${flagKey}" is of type ${typeof value}, not ${type}. Ask for that type, or change the attribute.`,
      );
}

/** A dot separates a flag from its attribute, unless a flag is called that. */
function readName(known: KnownFlags, flagKey: string): FlagName {
  const dot = flagKey.indexOf('.');
  if (dot < 0 || isFlagKnown(known, flagKey)) return { flag: flagKey, attribute: undefined };
  return { flag: flagKey.slice(0, dot), attribute: flagKey.slice(dot + 1) };
}

function readValue(flag: UntypedFlag, { attribute }: FlagName, type: ValueType): unknown {
  if (attribute !== undefined) return findAttribute(flag, attribute);
  if (type === 'boolean') return flag.enabled;
  if (type !== 'object') return undefined;
  return toAttributes(flag);
}

function toResolutionReason(reason: FlagReason, { _variant }: UntypedFlag): string {
  switch (reason) {
    case 'loaded':
      return _variant === undefined
        ? StandardResolutionReasons.STATIC
        : StandardResolutionReasons.TARGETING_MATCH;
    case 'stale':
      return StandardResolutionReasons.STALE;
    case 'override':
      return 'OVERRIDE';
    default:
      return StandardResolutionReasons.DEFAULT;
  }
}

function explainUnknown<Value extends JsonValue>(
  { loaded, error, isSettled }: ResolvableFlags,
  flag: string,
  defaultValue: Value,
): ResolutionDetails<Value> {
  if (loaded) {
    return refuse(
      defaultValue,
      ErrorCode.FLAG_NOT_FOUND,
      `The configuration has no flag "${flag}".`,
    );
  }
  return error && isSettled
    ? refuse(defaultValue, ErrorCode.GENERAL, error.message)
    : refuse(defaultValue, ErrorCode.PROVIDER_NOT_READY, 'The first poll is not over yet.');
}

function explainMissing(flag: UntypedFlag, { flag: key, attribute }: FlagName, type: ValueType) {
  if (attribute !== undefined) return `The flag "${key}" has no attribute "${attribute}".`;
  const [example = 'attribute'] = Object.keys(toAttributes(flag));
  return `The flag "${key}" itself is no ${type}. Ask for one of its attributes, as in "${key}.${example}".`;
}

function refuse<Value extends JsonValue>(
  value: Value,
  errorCode: ErrorCode,
  errorMessage: string,
): ResolutionDetails<Value> {
  return { value, reason: StandardResolutionReasons.ERROR, errorCode, errorMessage };
}

import { ContentError } from '../errors/index.ts';
import type { UntypedFeatureFlags, UntypedFlag } from './featureFlags.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** How much of a flag's key a message shows. */
const MAX_SHOWN_KEY_LENGTH = 99;
/** How much of a document says which format it has. */
const HEAD_LENGTH = 200;

/**
 * Checks that a value is a feature-flag document as AWS AppConfig delivers it.
 *
 * @throws ContentError `NotFeatureFlags` that names the flag and what is wrong with it.
 */
export function checkFeatureFlags(value: unknown): UntypedFeatureFlags {
  if (isFeatureFlags(value)) return value;
  throw new ContentError(
    'NotFeatureFlags',
    process.env.NODE_ENV !== 'production' &&
      `The configuration is not a feature-flag document: ${problemOf(value)}`,
  );
}

function problemOf(value: unknown): string {
  const hint = otherFormatOf(value);
  if (hint) return hint;
  if (!isRecord(value)) return 'it is not an object. Read freeform profiles with useAppConfig.';
  const key = Object.keys(value).find((name) => !isFlag(value[name])) ?? '';
  return `"${key.slice(0, MAX_SHOWN_KEY_LENGTH)}" has no "enabled" that is true or false. Read freeform profiles with useAppConfig.`;
}

function otherFormatOf(value: unknown): string | undefined {
  if (isRecord(value)) {
    const isStored =
      typeof value['version'] === 'string' &&
      (isRecord(value['values']) || isRecord(value['flags']));
    return isStored
      ? 'it is the stored document ("version", "flags", "values"), not the delivered one. Check what answers at the endpoint.'
      : undefined;
  }
  const head = headOf(value);
  if (/^\s*(\$ion_1_0|'?[\w-]+'?::)/.test(head)) {
    return 'it is Amazon Ion, for multi-variant flags. Read it through the AppConfig Agent.';
  }
  return head.trimStart().startsWith('{')
    ? 'it is JSON, delivered as another media type. Name the right one in decoders.'
    : undefined;
}

function headOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, HEAD_LENGTH);
  // Not instanceof: in jest's jsdom, bytes come from another realm.
  if (!ArrayBuffer.isView(value)) return '';
  const length = Math.min(value.byteLength, HEAD_LENGTH);
  const head = String.fromCharCode(...new Uint8Array(value.buffer, value.byteOffset, length));
  // How binary Ion begins: https://amazon-ion.github.io/ion-docs/docs/binary.html
  return head.startsWith('\u{E0}\u{1}\0\u{EA}') ? '$ion_1_0' : head;
}

function isFeatureFlags(value: unknown): value is UntypedFeatureFlags {
  return isRecord(value) && Object.values(value).every(isFlag);
}

/** Whether a value is a flag as it is delivered. */
export function isFlag(value: unknown): value is UntypedFlag {
  return isRecord(value) && typeof value['enabled'] === 'boolean';
}

/** Whether a value is an object with members: no list, and no bytes. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !ArrayBuffer.isView(value)
  );
}

import { toFlag, type UntypedFlag } from '../flags/index.ts';

/** A flag as a story names it. */
export type StoryFlag = boolean | UntypedFlag;

/** Flags as stories name them. */
export type StoryFlags = Readonly<Record<string, StoryFlag>>;

/** What an address can carry of a flag: on or off, or a text with all of it. */
export type EncodedFlags = Readonly<Record<string, boolean | string>>;

/** An address allows few characters, and reads digits as a number. */
const PREFIX = 'json-';

/** Flags as Storybook's globals keep them, so that a link has them, too. */
export function encodeFlags(flags: StoryFlags): EncodedFlags {
  return Object.fromEntries(
    Object.entries(flags).map(([key, flag]) => [
      key,
      typeof flag === 'boolean' ? flag : encode(flag),
    ]),
  );
}

/** The same flags again; without those that somebody has spoilt in the address. */
export function decodeFlags(encoded: unknown): StoryFlags {
  if (typeof encoded !== 'object' || encoded === null) return {};
  return Object.fromEntries(
    Object.entries(encoded).flatMap(([key, value]) => {
      const flag = typeof value === 'string' ? decode(value) : value;
      return isStoryFlag(flag) ? [[key, flag]] : [];
    }),
  );
}

/** The flags of a story with what was changed: a flag that is switched on again has its attributes. */
export function applyChanges(
  flags: StoryFlags,
  changes: StoryFlags,
): Readonly<Record<string, UntypedFlag>> {
  return Object.fromEntries(
    Object.keys({ ...flags, ...changes }).map((key) => {
      const before = toFlag(flags[key] ?? false);
      const change = changes[key] ?? before;
      if (typeof change !== 'boolean') return [key, change];
      return [key, change ? { ...before, enabled: true } : { enabled: false }];
    }),
  );
}

function encode(flag: StoryFlag): string {
  const bytes = new TextEncoder().encode(JSON.stringify(flag));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  return PREFIX + text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function decode(text: string): unknown {
  if (!text.startsWith(PREFIX)) return undefined;
  try {
    const base64 = text.slice(PREFIX.length).replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return value;
  } catch {
    // Somebody has edited the address: the flag is what the story says.
    return undefined;
  }
}

/** Whether something stands for a flag. */
export function isStoryFlag(value: unknown): value is StoryFlag {
  if (typeof value === 'boolean') return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof Reflect.get(value, 'enabled') === 'boolean'
  );
}

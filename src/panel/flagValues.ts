/** A flag as a panel shows and changes it. */
export interface PanelFlag {
  readonly key: string;
  readonly flag: FlagValue;
  /** Whether it was changed here, and can be set back. */
  readonly isChanged: boolean;
  /** What else there is to say of it. */
  readonly note?: string | undefined;
}

/** A flag with its attributes, whatever they are. */
export interface FlagValue {
  readonly enabled: boolean;
}

/** What a person typed, as the type that the attribute has; undefined if it is none. */
export function readAs(before: unknown, text: string): unknown {
  if (typeof before === 'string') return text;
  try {
    const value: unknown = JSON.parse(text);
    const isSameType =
      typeof value === typeof before && Array.isArray(value) === Array.isArray(before);
    return isSameType ? value : undefined;
  } catch {
    // Not finished yet, such as an emptied number.
    return undefined;
  }
}

/** A value of an attribute as a person types it. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a text must be to be taken. */
export function describeType(value: unknown): string {
  return Array.isArray(value) ? 'a list, such as ["a", "b"]' : `a ${typeof value}`;
}

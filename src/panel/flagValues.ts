/** A flag as a list shows and changes it. */
export interface PanelFlag {
  /** Tells it apart from the others of the list. */
  readonly id: string;
  readonly title: string;
  readonly isEnabled: boolean;
  readonly attributes: readonly PanelAttribute[];
  /** Whether it was changed here, and can be set back. */
  readonly isChanged?: boolean | undefined;
  /** What else there is to say of it. */
  readonly note?: string | undefined;
  /** In a word or two. */
  readonly badge?: string | undefined;
  /** Of a variant: whom it is for. */
  readonly rule?: string | undefined;
}

/** An attribute of a flag. */
export interface PanelAttribute {
  readonly name: string;
  readonly value: unknown;
  /** The only texts that it may be. */
  readonly choices?: readonly string[] | undefined;
  readonly description?: string | undefined;
}

/** A flag with its attributes as members, as it is delivered. */
interface DeliveredFlag {
  readonly enabled: boolean;
}

/** A delivered flag for a list; its key is its id. */
export function toPanelFlag(
  key: string,
  { enabled, ...rest }: DeliveredFlag,
  more: Pick<PanelFlag, 'isChanged' | 'note'> = {},
): PanelFlag {
  return {
    ...more,
    id: key,
    title: key,
    isEnabled: enabled,
    attributes: Object.entries(rest)
      .filter(([name]) => name !== '_variant')
      .map(([name, value]) => ({ name, value })),
  };
}

/** What a person typed, as the type that the attribute has; undefined if it is none. */
export function readAs(type: unknown, text: string): unknown {
  if (typeof type === 'string') return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === typeof type && Array.isArray(value) === Array.isArray(type)
      ? value
      : undefined;
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

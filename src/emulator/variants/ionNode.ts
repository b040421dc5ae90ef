import { IonTypes, makeReader, type IonType, type Reader } from 'ion-js';

/** How deep s-expressions and lists may lie in each other. */
const DEEPEST = 100;

/** A value of an Ion text, and where it stands. */
export interface IonNode {
  readonly annotations: readonly string[];
  /** How many characters stand before it. */
  readonly position: number;
  readonly value:
    | { readonly kind: 'expression' | 'list'; readonly nodes: readonly IonNode[] }
    | { readonly kind: 'symbol' | 'string'; readonly text: string }
    | { readonly kind: 'literal'; readonly literal: bigint | number | boolean | Date }
    | { readonly kind: 'other'; readonly name: string };
}

/** An Ion text that cannot be read. */
export class IonSyntaxError extends Error {
  readonly position: number;

  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/**
 * Reads an Ion text into a tree.
 *
 * @throws IonSyntaxError with the position of what is wrong.
 */
export function readIonNodes(text: string): readonly IonNode[] {
  const reader = makeReader(text);
  try {
    return readNodes(reader, text, 0);
  } catch (error) {
    if (error instanceof IonSyntaxError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new IonSyntaxError(reason, startOf(text, reader.position()));
  }
}

function readNodes(reader: Reader, text: string, depth: number): readonly IonNode[] {
  const nodes: IonNode[] = [];
  for (;;) {
    const position = startOf(text, reader.position());
    if (depth > DEEPEST) throw new IonSyntaxError(`nested over ${DEEPEST} levels deep`, position);
    const type = reader.next();
    if (type === null) return nodes;
    const annotations = reader.annotations();
    nodes.push({ annotations, position, value: readValue(reader, type, text, position, depth) });
  }
}

function readValue(
  reader: Reader,
  type: IonType,
  text: string,
  position: number,
  depth: number,
): IonNode['value'] {
  if (reader.isNull()) return { kind: 'other', name: 'null' };
  switch (type) {
    case IonTypes.SEXP:
    case IonTypes.LIST: {
      reader.stepIn();
      const nodes = readNodes(reader, text, depth + 1);
      reader.stepOut();
      return { kind: type === IonTypes.SEXP ? 'expression' : 'list', nodes };
    }
    case IonTypes.SYMBOL:
      if (SYMBOL_ID.test(text.slice(position))) {
        throw new IonSyntaxError('a name of digits alone must stand in single quotes', position);
      }
      return { kind: 'symbol', text: reader.stringValue() ?? '' };
    case IonTypes.STRING:
      return { kind: 'string', text: reader.stringValue() ?? '' };
    case IonTypes.BOOL:
      return { kind: 'literal', literal: reader.booleanValue() ?? false };
    case IonTypes.INT:
      return { kind: 'literal', literal: reader.bigIntValue() ?? 0n };
    case IonTypes.FLOAT:
      return { kind: 'literal', literal: reader.numberValue() ?? 0 };
    case IonTypes.DECIMAL:
      return { kind: 'literal', literal: reader.decimalValue()?.numberValue() ?? 0 };
    case IonTypes.TIMESTAMP:
      return { kind: 'literal', literal: reader.timestampValue()?.getDate() ?? new Date(0) };
    default:
      return { kind: 'other', name: type.name };
  }
}

/** The reader stands behind what it read last; the next value begins after blanks and commas. */
function startOf(text: string, readTo: number): number {
  let position = readTo;
  while (position < text.length && BLANKS.includes(text.charAt(position))) position += 1;
  return Math.min(text.length, position);
}

/** To Ion, `$10` is the tenth of its own names, with or without annotations before it. */
const SYMBOL_ID = /^(?:\w+\s*::\s*)*\$\d/;
const BLANKS = ' \t\n\r\v\f,';

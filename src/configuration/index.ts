export { decodeText } from './decodeText.ts';
export { decodeContent, type Decoder, type DecodeOptions } from './decodeContent.ts';
export { freezeDecoded } from './freezeDecoded.ts';
export { isSameStructure, shareStructure } from './shareStructure.ts';
export type {
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaResult,
} from './standardSchema.ts';
export { validate } from './validate.ts';

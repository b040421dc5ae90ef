export { decodeContent, type DecodeOptions } from './decodeContent.ts';
export {
  checkFeatureFlags,
  DISABLED_FLAG,
  findAttribute,
  findFlag,
  type AttributeValue,
  type DisabledFlag,
  type EnabledFlag,
  type FeatureFlags,
  type Flag,
  type UntypedFeatureFlags,
  type UntypedFlag,
} from './featureFlags.ts';
export { isSameStructure, shareStructure } from './shareStructure.ts';
export type {
  StandardSchema,
  StandardSchemaIssue,
  StandardSchemaResult,
} from './standardSchema.ts';
export { validate } from './validate.ts';

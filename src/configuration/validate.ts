import { InvalidArgumentError, SchemaError, type SchemaIssue } from '../errors/index.ts';
import type { StandardSchema } from './standardSchema.ts';

declare const process: { readonly env: { readonly NODE_ENV?: string } };

/**
 * Passes a value through a schema.
 *
 * @throws SchemaError that names the first path and its issue and carries them all.
 * @throws InvalidArgumentError for what is not a schema, or validates asynchronously: a hook cannot wait for it.
 */
export function validate<Output>(value: unknown, schema: StandardSchema<Output>): Output {
  if (typeof schema['~standard']?.validate !== 'function') {
    throw new InvalidArgumentError(
      process.env.NODE_ENV !== 'production' &&
        'schema is not a Standard Schema: it has no ["~standard"].validate. Give it a schema of zod, valibot or arktype, or an object with that method.',
    );
  }
  const result = schema['~standard'].validate(value);
  if (result instanceof Promise) {
    // Nobody waits for this promise any more; what it may reject with is not the error to show.
    result.catch(() => undefined);
    throw new InvalidArgumentError(
      process.env.NODE_ENV !== 'production' &&
        'The schema validates asynchronously, which a hook cannot wait for. Use a schema without asynchronous checks.',
    );
  }
  if (!result.issues) return result.value;
  const issues = result.issues.map(({ message, path = [] }): SchemaIssue => ({
    message,
    path: path.map((part) => (typeof part === 'object' ? part.key : part)),
  }));
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const path = first?.path.map(String).join('.') || 'the document';
  throw new SchemaError(
    `The configuration does not satisfy its schema at ${path}: ${first?.message ?? 'no message'}${more}. Deploy a corrected version or change the schema; the last good one stays in use.`,
    issues,
  );
}

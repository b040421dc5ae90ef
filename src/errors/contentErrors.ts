import {
  AppConfigError,
  type AppConfigErrorOptions,
  type ContentErrorCode,
} from './appConfigError.ts';

/** A configuration arrived but cannot be turned into a value; the last good one stays in use. */
export class ContentError extends AppConfigError<ContentErrorCode> {
  override name = 'ContentError';
}

/** One complaint of a schema: what is wrong, and where in the document. */
export interface SchemaIssue {
  readonly message: string;
  /** Keys from the document's root to the value in question. */
  readonly path: readonly PropertyKey[];
}

/** A configuration does not satisfy the schema given to a hook; the last good one stays in use. */
export class SchemaError extends AppConfigError<'SchemaMismatch'> {
  override name = 'SchemaError';
  readonly issues: readonly SchemaIssue[];

  constructor(
    message: string | false,
    issues: readonly SchemaIssue[],
    options?: AppConfigErrorOptions,
  ) {
    super('SchemaMismatch', message, options);
    this.issues = issues;
  }
}

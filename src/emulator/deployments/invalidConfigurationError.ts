import { AppConfigError } from '../../errors/index.ts';

/** What is wrong with a configuration, and where. */
export interface ConfigurationIssue {
  readonly message: string;
  /** The key of the flag that it is about. */
  readonly flag?: string | undefined;
  /** The key of the flag's attribute. */
  readonly attribute?: string | undefined;
  /** The name of the flag's variant or, where it has none, how many stand before it. */
  readonly variant?: string | undefined;
  /** How many characters of the variant's rule, or of the document, stand before it. */
  readonly position?: number | undefined;
}

const MAX_SHOWN_ISSUES = 5;
const MAX_SHOWN_LENGTH = 300;

/** A configuration cannot be deployed: it is not what AWS AppConfig accepts. What was deployed before stays. */
export class InvalidConfigurationError extends AppConfigError<'InvalidConfiguration'> {
  override name = 'InvalidConfigurationError';
  /** Everything that is wrong, in the order of the document. */
  readonly issues: readonly ConfigurationIssue[];

  constructor(profile: string, issues: readonly ConfigurationIssue[], hint?: string) {
    // One mistake of many flags must not hide the others.
    const lines = [...new Set(issues.map(describeIssue))];
    const told = lines.slice(0, MAX_SHOWN_ISSUES).join('; ');
    const more = lines.length - MAX_SHOWN_ISSUES;
    const rest = more > 0 ? `; and ${more} more` : '';
    super(
      'InvalidConfiguration',
      `The configuration of "${profile}" cannot be deployed: ${told}${rest}. Correct it and deploy again.${hint ? ` ${hint}` : ''}`,
      { profile },
    );
    this.issues = issues;
  }
}

function describeIssue({
  flag,
  attribute,
  variant,
  position,
  message,
}: ConfigurationIssue): string {
  const places = [
    flag !== undefined && `flag "${clip(flag)}"`,
    variant !== undefined && `variant "${clip(variant)}"`,
    attribute !== undefined && `attribute "${clip(attribute)}"`,
    position !== undefined && `at character ${position}`,
  ].filter(Boolean);
  return places.length > 0 ? `${places.join(', ')}: ${clip(message)}` : clip(message);
}

/** A key of a document may be as long as the document. */
function clip(text: string): string {
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}

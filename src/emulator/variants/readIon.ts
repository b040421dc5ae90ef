import {
  type FlagsReading,
  type FlagValue,
  type FlagVariant,
  type VariantFlag,
  type ConfigurationIssue,
  readJsonObject,
} from '../deployments/index.ts';
import { IonSyntaxError, readIonNodes, type IonNode } from './ionNode.ts';
import { readRuleNode } from './readRule.ts';

/**
 * Reads flags in the form in which AWS AppConfig delivers them when there are variants: one annotated
 * value a flag, a list of rules and variants with the default last, or a text for a basic flag.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-agent-how-to-use-local-development-samples.html
 */
export function readIon(text: string): FlagsReading {
  const issues: ConfigurationIssue[] = [];
  const flags: VariantFlag[] = [];
  try {
    for (const node of readIonNodes(text)) {
      const [key = '', more] = node.annotations;
      const { position } = node;
      if (!key || more !== undefined) {
        issues.push({ message: `each value stands behind its flag's key, as 'key'::`, position });
      } else if (flags.some((flag) => flag.key === key)) {
        issues.push({ flag: key, message: 'this flag is defined twice', position });
      } else {
        flags.push({ key, variants: readVariants(key, node, issues) });
      }
    }
  } catch (error) {
    if (!(error instanceof IonSyntaxError)) throw error;
    issues.push({ message: `not valid Amazon Ion: ${error.message}`, position: error.position });
  }
  return { flags, issues };
}

function readVariants(flag: string, node: IonNode, issues: ConfigurationIssue[]): FlagVariant[] {
  const { value, position } = node;
  const report = (message: string, where: Partial<ConfigurationIssue> = {}) => {
    issues.push({ flag, message, position, ...where });
  };
  const readValue = (text: IonNode, where: Partial<ConfigurationIssue>): FlagValue => {
    const content = text.value.kind === 'string' ? readJsonObject(text.value.text) : undefined;
    if (content && typeof content['enabled'] === 'boolean') return content;
    report(`expected '''{"enabled": …}''', a flag as JSON in a text`, {
      ...where,
      position: text.position,
    });
    return { enabled: false };
  };
  if (value.kind === 'string') return [{ matches: undefined, value: readValue(node, {}) }];
  if (value.kind !== 'list') {
    report('expected a list of variants or a text');
    return [];
  }
  const last = value.nodes.length - 1;
  if (last < 0) report('a flag needs its default variant');
  return value.nodes.flatMap((item, index) => {
    const place = { variant: `${index}`, position: item.position };
    if (index === last) {
      if (item.value.kind === 'string')
        return { matches: undefined, value: readValue(item, place) };
      report('the last variant is the default, a text without a rule', place);
      return [];
    }
    const [rule, content, more] = item.value.kind === 'list' ? item.value.nodes : [];
    if (!rule || !content || more) {
      report('expected [rule, text], and the default variant at the end', place);
      return [];
    }
    const reading = readRuleNode(rule);
    const contentValue = readValue(content, place);
    const name = contentValue['_variant'];
    const variant = typeof name === 'string' ? name : place.variant;
    for (const issue of reading.issues)
      report(issue.message, { variant, position: issue.position });
    return { matches: reading.matches, value: contentValue };
  });
}

import {
  ATTRIBUTE_RULE,
  checkAttributeKeys,
  isKey,
  isText,
  within,
  type AttributeConstraint,
  type FlagDefinition,
  type JsonObject,
  type Report,
} from './flagDefinitions.ts';

/** Checks the attributes of a flag or of a variant; what is required must be there while it is on. */
export function checkAttributes(
  attributes: JsonObject,
  definition: FlagDefinition | undefined,
  isEnabled: boolean,
  report: Report,
): void {
  const entries = Object.entries(attributes);
  checkAttributeKeys(Object.keys(attributes), report);
  for (const [attribute, value] of entries) {
    const place = within(report, { attribute });
    if (attribute === 'enabled' || !isKey(attribute, place)) continue;
    const constraint = definition?.attributes.get(attribute)?.constraint;
    if (!isAttributeValue(value)) place(ATTRIBUTE_RULE);
    else if (constraint) checkValue(value, constraint, place);
  }
  for (const [attribute, { isRequired }] of definition?.attributes ?? []) {
    if (isRequired && isEnabled && !Object.hasOwn(attributes, attribute)) {
      report('is required', { attribute });
    }
  }
}

function isAttributeValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isText) || value.every(isNumber);
  return isText(value) || isNumber(value) || typeof value === 'boolean';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function checkValue(value: unknown, constraint: AttributeConstraint, report: Report): void {
  switch (constraint.type) {
    case 'boolean':
      if (typeof value !== 'boolean') report('must be true or false');
      return;
    case 'number': {
      const { minimum = -Infinity, maximum = Infinity } = constraint;
      if (!isNumber(value)) report('must be a number');
      else if (value < minimum) report(`${value} is less than the minimum ${minimum}`);
      else if (value > maximum) report(`${value} is more than the maximum ${maximum}`);
      return;
    }
    case 'string': {
      const { pattern, choices } = constraint;
      if (typeof value !== 'string') report('must be a text');
      else if (pattern && !pattern.test(value)) {
        report(`"${value}" does not match the pattern ${pattern.source}`);
      } else if (choices && !choices.includes(value)) {
        report(`"${value}" is none of ${choices.join(', ')}`);
      }
      return;
    }
    case 'array': {
      const { elements } = constraint;
      if (!Array.isArray(value)) report('must be a list');
      else if (elements) {
        for (const [index, element] of value.entries()) {
          checkValue(element, elements, (message) => report(`element ${index}: ${message}`));
        }
      }
    }
  }
}

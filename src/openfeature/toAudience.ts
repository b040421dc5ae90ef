import type { EvaluationContext as OpenFeatureContext } from '@openfeature/web-sdk';
import type { EvaluationContext } from '../session/index.ts';

/**
 * For whom AWS AppConfig evaluates, by OpenFeature's context: the targeting key is the entity; texts, numbers,
 * booleans and dates are the context, as text. It has no place for lists and objects.
 */
export function toAudience({ targetingKey, ...members }: OpenFeatureContext): EvaluationContext {
  const context = Object.fromEntries(
    Object.entries(members).flatMap(([name, value]) => {
      const text = toText(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
  return { entityId: targetingKey || undefined, context };
}

function toText(value: unknown): string | undefined {
  if (value instanceof Date) return value.toISOString();
  const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
  return isPlain ? String(value) : undefined;
}

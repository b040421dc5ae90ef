import { expectTypeOf } from 'vitest';
import { z } from 'zod';
import {
  useAppConfig,
  useFlag,
  useFlagDetails,
  useFlagEnabled,
  useFlagValue,
  useSuspenseAppConfig,
  type AttributeValue,
} from '../../src/entries/index.ts';

const flag = useFlag('anything');
expectTypeOf(flag.enabled).toEqualTypeOf<boolean>();
if (flag.enabled) expectTypeOf(flag['maxItems']).toEqualTypeOf<AttributeValue | undefined>();
// @ts-expect-error -- attributes are there only while the flag is on
void flag['maxItems'];

expectTypeOf(useFlagEnabled('anything')).toEqualTypeOf<boolean>();
expectTypeOf(useFlagValue('anything', 'size', 10)).toEqualTypeOf<number>();
expectTypeOf(useFlagValue('anything', 'name', 'x')).toEqualTypeOf<string>();
expectTypeOf(useFlagValue('anything', 'steps', ['a'])).toEqualTypeOf<readonly string[]>();
// @ts-expect-error -- no attribute can be an object
useFlagValue('anything', 'size', {});
// @ts-expect-error -- the default is not optional
useFlagValue('anything', 'size');

expectTypeOf(useFlagDetails('anything').reason).toEqualTypeOf<
  'override' | 'loaded' | 'stale' | 'default' | 'missing'
>();

expectTypeOf(useAppConfig('site').data).toEqualTypeOf<unknown>();
const schema = z.object({ title: z.string() });
const settings = useAppConfig('site', { schema });
if (settings.status === 'success') expectTypeOf(settings.data).toEqualTypeOf<{ title: string }>();
else expectTypeOf(settings.data).toEqualTypeOf<{ title: string } | undefined>();
if (settings.status === 'error') expectTypeOf(settings.error.code).toBeString();

expectTypeOf(useSuspenseAppConfig('site', { schema }).data).toEqualTypeOf<{ title: string }>();
expectTypeOf(
  useSuspenseAppConfig('site', { schema, select: ({ title }) => title.length }).data,
).toEqualTypeOf<number>();

const byFlags = useAppConfig('site', { schema });
if (!byFlags.isPending && !byFlags.isError) {
  expectTypeOf(byFlags.data).toEqualTypeOf<{ title: string }>();
}

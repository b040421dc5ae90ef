import { validate, type StandardSchema } from '../configuration/index.ts';
import { createCheckedStore, type CheckedState } from './checkedStore.ts';
import { perObject } from './memoize.ts';
import type { Profile } from './profile.ts';
import type { Store } from './store.ts';

const documentOf = /* @__PURE__ */ perObject((profile: Profile) =>
  createCheckedStore(profile, (value) => value),
);

const validatedOf = /* @__PURE__ */ perObject((profile: Profile) =>
  perObject((schema: StandardSchema) =>
    createCheckedStore(profile, (value) => validate(value, schema)),
  ),
);

/** The profile's document, through a schema if there is one; one store per schema. */
export function documentStoreOf(
  profile: Profile,
  schema: StandardSchema | undefined,
): Store<CheckedState<unknown>> {
  return schema ? validatedOf(profile)(schema) : documentOf(profile);
}

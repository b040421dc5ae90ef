import { validate, type StandardSchema } from '../configuration/index.ts';
import type { AppConfigClient } from './appConfigClient.ts';
import { createConfigurationView, type ViewResult } from './configurationView.ts';
import { perName, perObject } from './memoize.ts';
import type { Store } from './store.ts';

/** Stands for "no schema" where views are kept by their schema. */
const NO_SCHEMA = {};

const viewsOf = /* @__PURE__ */ perObject((client: AppConfigClient) =>
  perName((profile) =>
    perObject((key: StandardSchema | typeof NO_SCHEMA) =>
      createConfigurationView({
        client,
        profile,
        check: (document) => ('~standard' in key ? validate(document, key) : document),
        fallback: client.defaultOf(profile),
      }),
    ),
  ),
);

/** What components see of a profile, through a schema if there is one. The same store a schema. */
export function schemaViewOf<Output>(
  client: AppConfigClient,
  profile: string,
  schema: StandardSchema<Output>,
): Store<ViewResult<Output>>;
export function schemaViewOf(
  client: AppConfigClient,
  profile: string,
  schema?: StandardSchema,
): Store<ViewResult<unknown>>;
export function schemaViewOf(
  client: AppConfigClient,
  profile: string,
  schema?: StandardSchema,
): Store<ViewResult<unknown>> {
  return viewsOf(client)(profile)(schema ?? NO_SCHEMA);
}

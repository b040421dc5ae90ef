import { definePreviewAddon } from 'storybook/internal/csf';
import * as annotations from './preview.tsx';

export type { AppConfigParameters } from './preview.tsx';

/**
 * The addon for a `preview.ts` that is made with `definePreview`. Elsewhere `addons: ['react-appconfig/storybook']`
 * in `main.ts` is all.
 *
 * @example
 * export default definePreview({ addons: [appConfigAddon()] });
 */
export function appConfigAddon() {
  return definePreviewAddon(annotations);
}

// What `addons: ['react-appconfig/storybook']` finds in the published package, from its sources.
import { fileURLToPath } from 'node:url';

/** @param {string} file */
const inAddon = (file) => fileURLToPath(new URL(`../src/storybook-addon/${file}`, import.meta.url));

export const managerEntries = (/** @type {string[]} */ entries = []) => [
  ...entries,
  inAddon('manager.tsx'),
];
export const previewAnnotations = (/** @type {string[]} */ entries = []) => [
  ...entries,
  inAddon('preview.tsx'),
];

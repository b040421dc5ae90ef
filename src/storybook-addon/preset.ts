/**
 * Vite serves the addon as it is, and bundles what stories import: both must get the same copy of the package.
 */
export const optimizeViteDeps = (dependencies: readonly string[] = []): readonly string[] => [
  ...dependencies,
  // What the addon itself imports.
  'react',
  'react/jsx-runtime',
  'react-appconfig',
  'react-appconfig/testing',
];

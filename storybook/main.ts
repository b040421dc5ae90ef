import { fileURLToPath } from 'node:url';
import remarkGfm from 'remark-gfm';
import { mergeConfig } from 'vite';
import type { StorybookConfig } from '@storybook/react-vite';

const fromHere = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const config: StorybookConfig = {
  framework: '@storybook/react-vite',
  stories: ['./guide/*.mdx', './stories/**/*.mdx', './stories/**/*.stories.tsx'],
  addons: [
    {
      name: '@storybook/addon-docs',
      // Tables of the guide's pages.
      options: { mdxPluginOptions: { mdxCompileOptions: { remarkPlugins: [remarkGfm] } } },
    },
    fromHere('./addonPreset.mjs'),
    '@storybook/addon-a11y',
    '@storybook/addon-vitest',
  ],
  // Stories import the package by its name, as the code beside them says.
  viteFinal: (vite) =>
    mergeConfig(vite, {
      // React would warn of the panel's classic JSX in development.
      oxc: { jsx: { development: false } },
      resolve: {
        alias: [
          { find: /^react-appconfig$/, replacement: fromHere('../src/entries/index.ts') },
          { find: /^react-appconfig\/(.+)$/, replacement: fromHere('../src/entries/$1.ts') },
        ],
      },
    }),
  core: { disableTelemetry: true, disableWhatsNewNotifications: true },
  features: { sidebarOnboardingChecklist: false },
};

export default config;

import type { Decorator, Preview } from '@storybook/react-vite';
import { DocsPage, DocsTable } from './DocsPage.tsx';
import { withStage } from './demo/DemoStage.tsx';
import './demo/stage.css';

// The stage wears the panel's look, and its consoles are panels.
document.documentElement.classList.add('appconfig-panel');

const withTheme: Decorator = (Story, { globals }) => {
  const isDark =
    globals['theme'] === 'dark' ||
    (globals['theme'] === 'system' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  return <Story />;
};

const preview: Preview = {
  decorators: [withStage, withTheme],
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: {
        title: 'Theme',
        icon: 'mirror',
        items: [
          { value: 'system', title: 'System', icon: 'browser' },
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
        dynamicTitle: true,
      },
    },
  },
  initialGlobals: { theme: 'system' },
  args: { pollIntervalInSeconds: 3 },
  argTypes: {
    pollIntervalInSeconds: {
      description: 'The interval that each answer of the emulator names; AWS AppConfig names 60.',
      control: { type: 'range', min: 1, max: 60 },
    },
  },
  parameters: {
    layout: 'fullscreen',
    docs: { container: DocsPage, components: { table: DocsTable }, codePanel: true },
    a11y: { test: 'error' },
    backgrounds: { disable: true },
    options: {
      storySort: {
        order: [
          'Introduction',
          'Guide',
          [
            'Getting started',
            'Hooks and provider',
            'Testing',
            'Storybook',
            'Overrides and exposure',
            'Servers and scale',
            'OpenFeature',
            'How polling works',
            'Errors',
            'The emulator',
            'Speed and sizes',
            'Faults survived',
            'Where it runs',
            'How to contribute',
          ],
          'Flags',
          ['A flag check', 'Attributes', 'Audience', 'Experiment', 'Transition', 'OpenFeature'],
          'Settings',
          'States',
          'Performance',
          'Session',
          'Devtools',
          'Storybook',
        ],
      },
    },
  },
};

export default preview;

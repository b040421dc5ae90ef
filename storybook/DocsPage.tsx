import { DocsContainer, type DocsContainerProps } from '@storybook/addon-docs/blocks';
import { useEffect, useState, type ComponentProps, type PropsWithChildren } from 'react';
import { addons } from 'storybook/preview-api';
import { themes } from 'storybook/theming';

const GLOBALS_UPDATED = 'globalsUpdated';

/** The pages of the guide in the theme of the toolbar, or else of the system. */
export function DocsPage({ children, ...props }: PropsWithChildren<DocsContainerProps>) {
  const isDark = useIsDark();
  useEffect(() => {
    document.documentElement.dataset['theme'] = isDark ? 'dark' : 'light';
  }, [isDark]);
  return (
    <DocsContainer {...props} theme={isDark ? themes.dark : themes.light}>
      {children}
    </DocsContainer>
  );
}

function useIsDark(): boolean {
  const [chosen, setChosen] = useState(
    () => /theme:(\w+)/.exec(decodeURIComponent(location.search))?.[1] ?? 'system',
  );
  useEffect(() => {
    const channel = addons.getChannel();
    const follow = ({ globals }: { globals: { theme?: string } }) =>
      setChosen(globals.theme ?? 'system');
    channel.on(GLOBALS_UPDATED, follow);
    return () => channel.off(GLOBALS_UPDATED, follow);
  }, []);
  return chosen === 'system'
    ? matchMedia('(prefers-color-scheme: dark)').matches
    : chosen === 'dark';
}

/** Wide tables scroll in a box of their own, also by keyboard, instead of making the page wider than a phone. */
export function DocsTable(props: ComponentProps<'table'>) {
  return (
    <div className="docs-table" tabIndex={0} role="group" aria-label="A table that scrolls">
      <table {...props} />
    </div>
  );
}

/** The same for long lines of code. */
export function DocsCode(props: ComponentProps<'pre'>) {
  return <pre tabIndex={0} {...props} />;
}

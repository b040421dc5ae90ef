import {
  Component,
  lazy,
  Suspense,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  type ComponentProps,
  type ReactElement,
  type ReactNode,
} from 'react';
import { createPortal } from 'react-dom';
import type { AppConfigClient } from '../client/index.ts';
import { MissingProviderError } from '../errors/index.ts';
import { StyleSheet } from '../panel/index.ts';
import { AppConfigContext } from '../react/index.ts';
import { recordingOf } from './recording.ts';
import { ensureOverrides } from './settableOverrides.ts';

const DevtoolsPanel = lazy(async () => {
  const panel = await import('./DevtoolsPanel.tsx');
  return { default: panel.DevtoolsPanel };
});

const FRAME_CSS = `
:host { all: initial; position: fixed; z-index: 2147483000; right: 12px; bottom: 12px; }
.open { width: 40px; height: 40px; border: 1px solid #4b46c8; border-radius: 99px; background: #4b46c8; color: #fff; font: 600 16px/1 system-ui, sans-serif; cursor: pointer; }
.open:focus-visible { outline: 2px solid #171a23; outline-offset: 2px; }
.frame { display: flex; flex-direction: column; position: fixed; right: 12px; bottom: 64px; width: min(560px, calc(100vw - 24px)); height: min(560px, calc(100vh - 88px)); overflow: auto; border: 1px solid #8a90a2; border-radius: 12px; box-shadow: 0 12px 40px rgb(0 0 0 / 30%); }
.frame > * { flex: 1; }
`;

/** What `<AppConfigDevtools>` takes. */
export interface AppConfigDevtoolsProps {
  /**
   * Clients to choose from.
   * @default that of the nearest `<AppConfigProvider>`
   */
  clients?: readonly AppConfigClient[] | undefined;
  /** @default the system's */
  theme?: 'light' | 'dark' | undefined;
  /** Whether the panel is open at first. @default false */
  defaultOpen?: boolean | undefined;
}

/**
 * A button in the corner of the page, and a panel with all that a provider knows: flags with their readers, documents,
 * polls, what has happened, for whom flags are evaluated, and a switch that overrides each flag. Put it inside of the
 * provider, in development only; the panel itself is loaded when it is opened.
 *
 * @example
 * {import.meta.env.DEV && <AppConfigDevtools />}
 */
export function AppConfigDevtools({
  clients,
  theme,
  defaultOpen = false,
}: AppConfigDevtoolsProps): ReactElement {
  const nearest = useNearestClients(clients);
  const [isOpen, setIsOpen] = useState(defaultOpen);
  const [shadow, setShadow] = useState<ShadowRoot>();
  const hold = useCallback((host: HTMLElement | null) => {
    if (host) setShadow(host.shadowRoot ?? host.attachShadow({ mode: 'open' }));
  }, []);
  useRecordings(nearest);
  return (
    <div ref={hold} data-appconfig-devtools="">
      {shadow &&
        createPortal(
          <>
            <StyleSheet css={FRAME_CSS} />
            <button
              type="button"
              className="open"
              aria-label="AppConfig devtools"
              aria-expanded={isOpen}
              title="AppConfig devtools"
              onClick={() => setIsOpen(!isOpen)}
            >
              ⚑
            </button>
            {isOpen && (
              <div className="frame" role="dialog" aria-label="AppConfig devtools">
                <LazyPanel clients={nearest} theme={theme ?? systemTheme()} />
              </div>
            )}
          </>,
          shadow,
        )}
    </div>
  );
}

/** What TanStack Devtools gives to a plugin. */
interface PluginProps {
  theme: 'light' | 'dark';
}

/** A plugin for TanStack Devtools. */
export interface AppConfigDevtoolsPlugin {
  id: string;
  name: string;
  defaultOpen?: boolean;
  render: (element: HTMLElement, props: PluginProps) => ReactElement;
}

/**
 * The same panel as a plugin of TanStack Devtools, which has to stand inside of the provider.
 *
 * @see https://tanstack.com/devtools
 *
 * @example
 * <TanStackDevtools plugins={[appConfigDevtoolsPlugin()]} />
 */
export function appConfigDevtoolsPlugin({
  clients,
  defaultOpen,
}: Pick<AppConfigDevtoolsProps, 'clients' | 'defaultOpen'> = {}): AppConfigDevtoolsPlugin {
  return {
    id: 'react-appconfig',
    name: 'AppConfig',
    ...(defaultOpen !== undefined && { defaultOpen }),
    render: (_element, { theme }) => <PluginPanel clients={clients} theme={theme} />,
  };
}

function PluginPanel({
  clients,
  theme,
}: Pick<AppConfigDevtoolsProps, 'clients'> & PluginProps): ReactElement {
  const nearest = useNearestClients(clients);
  useRecordings(nearest);
  return <LazyPanel clients={nearest} theme={theme} />;
}

function LazyPanel(props: ComponentProps<typeof DevtoolsPanel>): ReactElement {
  return (
    <Guard>
      <Suspense fallback={null}>
        <DevtoolsPanel {...props} />
      </Suspense>
    </Guard>
  );
}

/** An error in the tools must not break the app. */
class Guard extends Component<{ children: ReactNode }, { problem?: string }> {
  override state: { problem?: string } = {};

  static getDerivedStateFromError(thrown: unknown): { problem: string } {
    return { problem: String(thrown) };
  }

  override render(): ReactNode {
    const { problem } = this.state;
    return problem === undefined ? this.props.children : <p role="alert">{problem}</p>;
  }
}

/** With `clients`, the tools need no provider around them. */
function useNearestClients(
  clients: readonly AppConfigClient[] | undefined,
): readonly AppConfigClient[] {
  const nearest = useContext(AppConfigContext);
  if (!clients && !nearest) throw new MissingProviderError('<AppConfigDevtools>');
  return useMemo(() => clients ?? (nearest ? [nearest] : []), [clients, nearest]);
}

/** From the start, so that overrides from before a reload are set again. */
function useRecordings(clients: readonly AppConfigClient[]): void {
  useEffect(() => {
    for (const client of clients) ensureOverrides(client);
    const stops = clients.map((client) => recordingOf(client).start());
    return () => {
      for (const stop of stops) stop();
    };
  }, [clients]);
}

function systemTheme(): 'light' | 'dark' {
  // jsdom has none.
  const matches = globalThis.matchMedia?.('(prefers-color-scheme: dark)').matches ?? false;
  return matches ? 'dark' : 'light';
}

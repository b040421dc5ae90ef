import { useEffect, useLayoutEffect, useState, type ReactElement, type ReactNode } from 'react';
// By the package's own name: stories import it by that name too, and a bundler must not give each a copy.
import {
  AppConfigTestProvider,
  createTestAppConfig,
  type TestAppConfig,
  type TestAppConfigOptions,
} from 'react-appconfig/testing';
import { memoryOverrides, type Overrides } from 'react-appconfig/overrides';
import { APP_CONFIG, APP_CONFIG_STATE } from './constants.ts';
import { applyChanges, decodeFlags, type StoryFlags } from './storyFlags.ts';

/** What a story says in `parameters.appConfig`. */
export interface AppConfigParameters extends Omit<TestAppConfigOptions, 'queryClient'> {
  /** Combinations of flags to choose from in the toolbar, by their names. */
  presets?: Readonly<Record<string, StoryFlags>> | undefined;
}

/** What this file needs of Storybook's context. */
interface StoryContext {
  readonly id: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly globals: Readonly<Record<string, unknown>>;
  readonly loaded: Readonly<Record<string, unknown>>;
}

/** The flags of the story on the page, for its play function: `loaded.appConfig`. */
type Holder = Pick<
  TestAppConfig,
  'setFlag' | 'setFlags' | 'setDocument' | 'setError' | 'exposures'
> & {
  /** What the panel has changed, for a story with a provider of its own. */
  readonly overrides: Overrides;
  hold: (appConfig: TestAppConfig) => void;
};

function createHolder(): Holder {
  let held: TestAppConfig | undefined;
  const current = () => {
    if (held) return held;
    throw new Error('The story is not on the page yet, or has no parameters.appConfig.');
  };
  return {
    overrides: memoryOverrides(),
    hold: (appConfig) => {
      held = appConfig;
    },
    setFlag: (key, value) => current().setFlag(key, value),
    setFlags: (flags) => current().setFlags(flags),
    setDocument: (profile, document) => current().setDocument(profile, document),
    setError: (error) => current().setError(error),
    // React's development tools read the members of whatever is a prop.
    get exposures() {
      return held?.exposures ?? [];
    },
  };
}

const FAILURE = new Error('The addon lets the service fail.');

function StoryAppConfig({
  options,
  changes,
  state,
  holder,
  children,
}: {
  options: TestAppConfigOptions;
  changes: StoryFlags;
  state: unknown;
  holder: unknown;
  children: ReactNode;
}) {
  const flags = applyChanges(decodeFlags(options.flags), changes);
  const [appConfig] = useState(() =>
    createTestAppConfig({ ...options, flags, isPending: options.isPending ?? state === 'loading' }),
  );
  useEffect(() => {
    if (isHolder(holder)) holder.hold(appConfig);
  }, [holder, appConfig]);
  // As text: an equal set of changes is another object in each render.
  const changed = JSON.stringify(changes);
  // Before the story is painted, and after its own provider has named its profile of flags.
  useLayoutEffect(() => {
    if (isHolder(holder)) override(holder.overrides, decodeFlags(JSON.parse(changed)));
  }, [holder, changed]);
  return (
    <AppConfigTestProvider
      appConfig={appConfig}
      flags={flags}
      error={state === 'error' ? FAILURE : undefined}
    >
      {children}
    </AppConfigTestProvider>
  );
}

function withAppConfig(
  Story: () => ReactElement,
  { id, parameters, globals, loaded }: StoryContext,
): ReactElement {
  const options = parameters[APP_CONFIG];
  if (typeof options !== 'object' || options === null) return <Story />;
  const state = globals[APP_CONFIG_STATE];
  return (
    <StoryAppConfig
      key={`${id} ${state === 'loading'}`}
      options={options}
      changes={decodeFlags(globals[APP_CONFIG])}
      state={state}
      holder={loaded[APP_CONFIG]}
    >
      <Story />
    </StoryAppConfig>
  );
}

function override(overrides: Overrides, changes: StoryFlags): void {
  overrides.clear();
  for (const [key, flag] of Object.entries(changes)) overrides.setFlag(key, flag);
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null && 'hold' in value;
}

/** Gives stories their flags, and play functions `loaded.appConfig` to change them. */
export const decorators = [withAppConfig];

/** One for each time that a story is shown. */
export const loaders = [(): { appConfig: unknown } => ({ appConfig: createHolder() })];

/** What the panel keeps in the address. */
export const initialGlobals: Record<string, unknown> = {
  [APP_CONFIG]: {},
  [APP_CONFIG_STATE]: 'loaded',
};

import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { AppConfigProvider } from '../react/index.ts';
import {
  createTestAppConfig,
  type TestAppConfig,
  type TestAppConfigOptions,
} from './createTestAppConfig.ts';

/** What `<AppConfigTestProvider>` takes: a test's own, or what to make one of. */
export type AppConfigTestProviderProps = { children?: ReactNode } & (
  | (TestAppConfigOptions & { appConfig?: undefined })
  | {
      /** What `createTestAppConfig()` has made, to change it while components are on the page. */
      appConfig: TestAppConfig;
    }
);

/**
 * Gives components of a test, a story or a component test their flags: right at the first render, without a network.
 * Rendered again with other flags or profiles, it deploys them.
 *
 * @throws InvalidArgumentError in the component that reads a flag which was not given.
 *
 * @example
 * render(
 *   <AppConfigTestProvider flags={{ 'new-checkout': { enabled: true, maxItems: 5 }, 'dark-mode': false }}>
 *     <Checkout />
 *   </AppConfigTestProvider>,
 * );
 */
export function AppConfigTestProvider({
  children,
  ...props
}: AppConfigTestProviderProps): ReactElement {
  const { appConfig: given, ...options } =
    'appConfig' in props && props.appConfig ? props : { ...props, appConfig: undefined };
  const [own] = useState(() => given ?? createTestAppConfig(options));
  const appConfig = given ?? own;
  const { flags, profiles } = 'flags' in options || 'profiles' in options ? options : NOTHING;
  useDeployed(flags, () => flags && appConfig.setFlags(flags));
  useDeployed(profiles, () => {
    for (const [profile, document] of Object.entries(profiles ?? {})) {
      appConfig.setProfile(profile, document);
    }
  });
  return <AppConfigProvider client={appConfig.client}>{children}</AppConfigProvider>;
}

const NOTHING: TestAppConfigOptions = {};

/** Deploys what a later render brings; the first one is there already. */
function useDeployed(documents: unknown, deploy: () => void): void {
  const text = JSON.stringify(documents);
  const deployed = useRef(text);
  useEffect(() => {
    if (text === deployed.current) return;
    deployed.current = text;
    deploy();
  });
}

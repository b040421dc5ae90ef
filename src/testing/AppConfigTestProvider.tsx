import { useEffect, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { AppConfigProvider } from '../react/index.ts';
import {
  createTestAppConfig,
  type TestAppConfig,
  type TestAppConfigOptions,
} from './createTestAppConfig.ts';
import { inEffect } from './withAct.ts';

/** What `<AppConfigTestProvider>` takes: options for a new AppConfig, an existing one, or both. */
export interface AppConfigTestProviderProps extends TestAppConfigOptions {
  children?: ReactNode;
  /** What `createTestAppConfig()` has made, to change it while components are on the page. */
  appConfig?: TestAppConfig | undefined;
  /** Lets polls fail while it is given. */
  error?: Error | undefined;
}

/**
 * Gives components of a test, a story or a component test their flags: right at the first render, without a network.
 * Rendered again with other flags or documents, it deploys them.
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
  appConfig: given,
  error,
  ...options
}: AppConfigTestProviderProps): ReactElement {
  const [own] = useState(() => given ?? createTestAppConfig(options));
  const appConfig = given ?? own;
  const { flags, documents, isPending = false } = options;
  useDeployed(flags, () => flags && appConfig.setFlags(flags));
  useDeployed(documents, () => {
    for (const [profile, document] of Object.entries(documents ?? {})) {
      appConfig.setDocument(profile, document);
    }
  });
  useDeployed(isPending, () => appConfig.setPending(isPending));
  useEffect(() => {
    if (!error) return undefined;
    inEffect(() => appConfig.setError(error));
    return () => inEffect(() => appConfig.setError(undefined));
  }, [appConfig, error]);
  return <AppConfigProvider client={appConfig.client}>{children}</AppConfigProvider>;
}

/** Deploys what a later render brings; the first one is there already. */
function useDeployed(documents: unknown, deploy: () => void): void {
  const text = JSON.stringify(documents);
  const deployed = useRef(text);
  useEffect(() => {
    if (text === deployed.current) return;
    deployed.current = text;
    inEffect(deploy);
  });
}

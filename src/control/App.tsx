import { useEffect, useMemo, useState } from 'react';
import type { ConfigurationName } from '../emulator/index.ts';
import { AppConfigProvider, useAppConfig, useAppConfigStatus } from '../entries/index.ts';
import { ConfigurationList, nameOf } from './ConfigurationList.tsx';
import { ConfigurationPanel } from './ConfigurationPanel.tsx';
import { Connect } from './Connect.tsx';
import { ControlContext } from './control.ts';
import { createControlRequest } from './controlRequest.ts';
import { controlStateSchema, createControlSource } from './controlSource.ts';
import { Events } from './Events.tsx';
import { Experiments } from './Experiments.tsx';
import { Faults } from './Faults.tsx';
import { Requests } from './Requests.tsx';
import { Sessions } from './Sessions.tsx';
import { TokenForm } from './TokenForm.tsx';

const RETRY_EVERY_MS = 2_000;
const STORED_TOKEN = 'react-appconfig-control-token';

/** The token that came with the page's address, or that was entered before. */
function readToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null) return sessionStorage.getItem(STORED_TOKEN) ?? '';
  // Out of the address, which people copy.
  history.replaceState(null, '', location.pathname);
  sessionStorage.setItem(STORED_TOKEN, given);
  return given;
}

const firstToken = readToken();

/** The control page: everything that an emulator has, and everything that can be done to it. */
export function App() {
  const [token, setToken] = useState(firstToken);
  const request = useMemo(() => createControlRequest(token), [token]);
  const source = useMemo(() => createControlSource(request), [request]);
  const control = useMemo(() => ({ request, refresh: source.refresh }), [request, source]);
  const enterToken = (entered: string) => {
    sessionStorage.setItem(STORED_TOKEN, entered);
    setToken(entered);
  };
  return (
    <ControlContext value={control}>
      <AppConfigProvider application="emulator" environment="control" source={source}>
        <header className="top">
          <h1>AWS AppConfig, emulated</h1>
          <Connection />
        </header>
        <Page onToken={enterToken} />
      </AppConfigProvider>
    </ControlContext>
  );
}

/** The chosen configuration, kept in the page's address. */
function useRoute(): [selected: string, select: (name: string) => void] {
  const [route, setRoute] = useState(() => location.hash.slice(1));
  const select = (name: string) => {
    history.replaceState(null, '', `#${encodeURIComponent(name)}`);
    setRoute(encodeURIComponent(name));
  };
  return [decodeRoute(route), select];
}

function decodeRoute(route: string): string {
  try {
    return decodeURIComponent(route);
  } catch {
    return '';
  }
}

function namesOf({ application, environment, profile }: ConfigurationName): ConfigurationName {
  return { application, environment, profile };
}

function Connection() {
  const { status, error } = useAppConfigStatus('state');
  const words = error ? 'not connected' : status === 'success' ? 'live' : 'connecting';
  return (
    <p className="connection" data-state={words}>
      {words}
    </p>
  );
}

function Page({ onToken }: { onToken: (token: string) => void }) {
  const {
    data: state,
    error,
    isPending,
    refetch,
  } = useAppConfig('state', { schema: controlStateSchema });
  const [selected, setSelected] = useRoute();
  const isLost = error !== undefined;
  useEffect(() => {
    if (!isLost) return undefined;
    // An emulator that is started again is found again, whatever the back-off says.
    const interval = setInterval(() => void refetch(), RETRY_EVERY_MS);
    return () => clearInterval(interval);
  }, [isLost, refetch]);
  if (error?.code === 'AccessDenied')
    return <TokenForm problem={error.message} onToken={onToken} />;
  if (isPending || !state) return <p className="notice">{error?.message ?? 'One moment…'}</p>;
  const configuration =
    state.configurations.find((candidate) => nameOf(candidate) === selected) ??
    state.configurations[0];
  return (
    <>
      {error && (
        <p className="notice" role="alert">
          The emulator does not answer. This page continues once it runs again.
        </p>
      )}
      <div className="columns">
        <ConfigurationList
          configurations={state.configurations}
          selected={configuration && nameOf(configuration)}
          onSelect={setSelected}
        />
        <main>
          {configuration ? (
            <ConfigurationPanel key={nameOf(configuration)} configuration={configuration} />
          ) : (
            <p className="notice">Nothing is deployed yet.</p>
          )}
          {configuration && (
            <Experiments
              key={`experiments of ${nameOf(configuration)}`}
              name={namesOf(configuration)}
              experiments={state.experiments}
            />
          )}
          <Connect name={configuration} />
          <Sessions
            sessions={state.sessions}
            count={state.sessionCount}
            clockOffsetMs={state.clockOffsetMs}
          />
          <Faults faults={state.faults} />
          <Events events={state.events} />
          <Requests requests={state.requests} violations={state.violations} />
        </main>
      </div>
    </>
  );
}

import { useMemo, useState } from 'react';
import { AppConfigProvider, useAppConfig, useAppConfigStatus } from '../entries/index.ts';
import { ConfigurationList, nameOf } from './ConfigurationList.tsx';
import { ConfigurationPanel } from './ConfigurationPanel.tsx';
import { ControlContext } from './control.ts';
import { createControlRequest } from './controlRequest.ts';
import { controlStateSchema, createControlSource } from './controlSource.ts';
import { Faults } from './Faults.tsx';
import { Requests } from './Requests.tsx';
import { Sessions } from './Sessions.tsx';
import { TokenForm } from './TokenForm.tsx';

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
  const enterToken = (entered: string) => {
    sessionStorage.setItem(STORED_TOKEN, entered);
    setToken(entered);
  };
  return (
    <ControlContext value={request}>
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
  const { data: state, error, isPending } = useAppConfig('state', { schema: controlStateSchema });
  const [selected, setSelected] = useState<string>();
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
          The emulator does not answer. Reload this page once it runs again.
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
          <Sessions
            sessions={state.sessions}
            count={state.sessionCount}
            clockOffsetMs={state.clockOffsetMs}
          />
          <Faults faults={state.faults} />
          <Requests requests={state.requests} violations={state.violations} />
        </main>
      </div>
    </>
  );
}

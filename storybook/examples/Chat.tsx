import { useAppConfig, useFlagDetails } from 'react-appconfig';

export function Chat() {
  const flags = useAppConfig('flags');
  const { flag, reason, error } = useFlagDetails('live-chat');
  if (flags.isPending) {
    return (
      <div className="product">
        <h3>Chat</h3>
        <p role="status" className="muted">
          Loading: nobody knows yet whether there is a chat.
        </p>
        <div className="skeleton" aria-hidden="true">
          <span style={{ width: '80%' }} />
          <span style={{ width: '55%' }} />
        </div>
      </div>
    );
  }
  return (
    <>
      <div className="product">
        <h3>Chat</h3>
        <p>
          {flag.enabled ? 'An agent is online. How can we help?' : 'Write us an e-mail instead.'}
        </p>
        <p className="muted">
          <code>live-chat</code>: {reason}
        </p>
      </div>
      {error ? (
        <p className="notice bad" role="alert">
          <strong>{error.code}.</strong> {error.message}
        </p>
      ) : reason === 'stale' ? (
        <p className="notice">Kept from the last visit: the first poll is on its way.</p>
      ) : (
        <p className="notice good">All is well: the newest poll was answered.</p>
      )}
    </>
  );
}

import type { ConfigurationName } from '../emulator/index.ts';

const EXAMPLE: ConfigurationName = { application: 'shop', environment: 'local', profile: 'flags' };

/** How clients are pointed at the emulator. */
export function Connect({ name = EXAMPLE }: { name?: ConfigurationName | undefined }) {
  const { origin } = location;
  const route = [name.application, name.environment, name.profile].map(encodeURIComponent);
  return (
    <section className="card" aria-labelledby="connect">
      <h2 id="connect">Connect a client</h2>
      <p className="muted">AWS’s clients, pointed here by the environment or in code:</p>
      <pre tabIndex={0}>
        {`export AWS_ENDPOINT_URL_APPCONFIGDATA=${origin}
export AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any

appConfigDataSource({ endpoint: '${origin}', region: 'us-east-1', credentials })`}
      </pre>
      <p className="muted">As from the AppConfig Agent, for a context and an entity:</p>
      <pre tabIndex={0}>
        {`curl -H 'Context: userId=1' -H 'Entity-Id: user-1' \\
  '${origin}/applications/${route[0]}/environments/${route[1]}/configurations/${route[2]}'`}
      </pre>
    </section>
  );
}

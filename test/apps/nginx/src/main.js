import { AppConfigClient } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';

const parameters = new URLSearchParams(location.search);
const send = window.fetch;
if (parameters.has('monitored')) {
  // As Sentry, Datadog and OpenTelemetry do.
  window.fetch = (input, init = {}) => {
    const headers = new Headers(init.headers);
    for (const name of ['baggage', 'sentry-trace', 'traceparent', 'x-datadog-origin']) {
      headers.set(name, 'x');
    }
    return send(input, { ...init, headers });
  };
}
const client = new AppConfigClient({
  application: 'shop',
  environment: 'production',
  flags: 'flags',
  source: agentSource({
    endpoint: parameters.get('endpoint'),
    pollIntervalInSeconds: Number(parameters.get('interval') ?? 2),
  }),
  entityId: parameters.get('entityId') ?? undefined,
  onError: ({ code }) => {
    document.title = code;
  },
});
const flags = client.profile();
const show = () => {
  document.body.textContent = JSON.stringify(flags.flag('new-checkout'));
};
flags.subscribe(show);
show();

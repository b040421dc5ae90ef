import { AppConfigClient, evaluateFlag } from 'react-appconfig';
import { agentSource } from 'react-appconfig/agent';

const client = new AppConfigClient({
  application: 'shop',
  environment: 'production',
  flags: 'flags',
  source: agentSource({ endpoint: '/flags', pollIntervalInSeconds: 1 }),
  onError: (error) => reportError(error),
});
const flags = client.profile();

// Asks for the first version, and says what is known now.
await flags.ready();
document.title = flags.flag('new-checkout').enabled ? 'The new checkout' : 'The old checkout';

// Polls for as long as somebody subscribes; told when this answer changes, and at no other time.
const maxItems = flags.select((known) => {
  const { flag } = evaluateFlag(known, 'new-checkout');
  return flag.enabled ? flag['maxItems'] : 10;
});
const show = () => {
  document.body.textContent = `Up to ${maxItems.getSnapshot()} items`;
};
const stop = maxItems.subscribe(show);
show();

// Another audience: what was known stays, as `stale`, until the Agent has answered for this one.
addEventListener('hashchange', () =>
  client.setEvaluationContext({ context: { plan: location.hash.slice(1) } }),
);
addEventListener('offline', stop);

import { useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import {
  AppConfigProvider,
  useAppConfig,
  useAppConfigStatus,
  useFlagDetails,
  useFlags,
} from 'react-appconfig';
import { createRandom } from '../random.mjs';
import { createFaultySource } from './faultySource.ts';
import { createRecord } from './record.ts';

const COMPONENTS = 10;
const parameters = new URLSearchParams(location.search);
const number = (name: string) => Number(parameters.get(name));
const profiles = (parameters.get('profiles') ?? '').split(',');
const STORED = 'campaign';
const record = createRecord(sessionStorage.getItem(STORED) ?? '{}');
let isCalm = true;
addEventListener('unhandledrejection', () => {
  record.unhandledRejections += 1;
});
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) record.backFromCache += 1;
});
addEventListener('pagehide', () => {
  // What a page saw outlives its reload; what it shows does not.
  sessionStorage.setItem(STORED, JSON.stringify({ ...record, shown: {} }));
});
Object.assign(globalThis, {
  campaign: {
    record,
    calm: (calm: boolean) => {
      isCalm = calm;
      record.longestWaitMs = 0;
    },
  },
});

const source = createFaultySource({
  port: number('port'),
  random: createRandom(number('seed')),
  isCalm: () => isCalm,
  onFault: (kind) => record.countFault(kind),
  onTokenReused: () => record.countTokenReused(),
});

function Reader({ profile, flag }: { profile: string; flag: string }) {
  const details = useFlagDetails(flag, { profile });
  const version = details.flag.enabled ? String(details.flag['version']) : 'none';
  return <li>{version}</li>;
}

/** Shows one profile many times, and records what stands on the page after each commit. */
function Profile({ name }: { name: string }) {
  useFlags({ profile: name });
  useEffect(() => {
    const list = document.getElementById(name);
    record.show(name, new Set([...(list?.children ?? [])].map(({ textContent }) => textContent)));
  });
  return (
    <ul id={name}>
      {Array.from({ length: COMPONENTS }, (_, index) => (
        <Reader key={index} profile={name} flag={`flag-${index}`} />
      ))}
    </ul>
  );
}

/** Records how long its session wants to wait, at each poll. */
function Wait({ name }: { name: string }) {
  const { nextPollAt } = useAppConfigStatus(name);
  useEffect(() => {
    if (nextPollAt !== undefined) record.noteWait(nextPollAt - Date.now());
  });
  return null;
}

/** A freeform text, which nothing checks: a page of a captive portal must not become one. */
function Notice() {
  const { data } = useAppConfig('notice');
  const text = data === undefined ? undefined : String(data);
  useEffect(() => {
    record.showText(text);
  }, [text]);
  return <p>{text}</p>;
}

const container = document.querySelector('main');
if (container) {
  createRoot(container).render(
    <AppConfigProvider
      application="shop"
      environment="production"
      source={source}
      onError={({ code }) => record.countError(code)}
    >
      <Notice />
      {profiles.map((name) => (
        <Profile key={name} name={name} />
      ))}
      {profiles.map((name) => (
        <Wait key={name} name={name} />
      ))}
    </AppConfigProvider>,
  );
}

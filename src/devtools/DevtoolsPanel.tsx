import { useState } from 'react';
import type { AppConfigClient } from '../client/index.ts';
import { panelCss, StyleSheet, useNow } from '../panel/index.ts';
import { AudienceTab } from './AudienceTab.tsx';
import { devtoolsCss } from './devtoolsCss.ts';
import { DocumentsTab } from './DocumentsTab.tsx';
import { FlagsTab } from './FlagsTab.tsx';
import { recordingOf } from './recording.ts';
import { SessionTab } from './SessionTab.tsx';

const TICK_MS = 500;
const TABS = ['Flags', 'Documents', 'Session', 'Audience'] as const;

/** What the tools show of one or several clients. */
export function DevtoolsPanel({
  clients,
  theme,
}: {
  clients: readonly AppConfigClient[];
  theme: 'light' | 'dark';
}) {
  const now = useNow(TICK_MS);
  const [tab, setTab] = useState<(typeof TABS)[number]>('Flags');
  const [index, setIndex] = useState(0);
  const client = clients[index] ?? clients[0];
  if (!client) return <p>There is no provider.</p>;
  const recording = recordingOf(client);
  const names = clients.map((_, at) => `Provider ${at + 1}`);
  return (
    <div className="appconfig-panel" data-theme={theme}>
      <StyleSheet css={panelCss + devtoolsCss} />
      <div className="row" role="group" aria-label="What is shown">
        {TABS.map((name) => (
          <button key={name} type="button" aria-pressed={tab === name} onClick={() => setTab(name)}>
            {name}
          </button>
        ))}
        {clients.length > 1 && (
          <select
            aria-label="Provider"
            value={index}
            onChange={({ target }) => setIndex(Number(target.value))}
          >
            {names.map((name, at) => (
              <option key={name} value={at}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
      {tab === 'Flags' && <FlagsTab client={client} recording={recording} />}
      {tab === 'Documents' && <DocumentsTab client={client} />}
      {tab === 'Session' && <SessionTab client={client} recording={recording} now={now} />}
      {tab === 'Audience' && <AudienceTab client={client} />}
    </div>
  );
}

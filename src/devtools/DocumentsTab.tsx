import { useState } from 'react';
import { documentOf, type AppConfigClient } from '../client/index.ts';

/** The documents of all profiles, as components see them. */
export function DocumentsTab({ client }: { client: AppConfigClient }) {
  if (client.profiles.length === 0) return <p>No component has read a profile yet.</p>;
  return client.profiles.map((profile) => {
    const { name } = profile;
    const { snapshot } = documentOf(profile).getSnapshot().good ?? {};
    return (
      <section key={name} aria-label={`Document of ${name}`}>
        <div className="row">
          <h2>
            <code>{name}</code>,{' '}
            {snapshot ? (snapshot.versionLabel ?? 'no label') : 'not known yet'}
          </h2>
          {snapshot && <Copy text={JSON.stringify(snapshot.value, undefined, 2)} />}
        </div>
        {snapshot && <Tree name="document" value={snapshot.value} isOpen />}
      </section>
    );
  });
}

function Copy({ text }: { text: string }) {
  const [outcome, setOutcome] = useState('Copy as JSON');
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('Copied');
    } catch {
      setOutcome('The browser does not allow it');
    }
  };
  return (
    <button type="button" onClick={() => void copy()}>
      {outcome}
    </button>
  );
}

function Tree({ name, value, isOpen = false }: { name: string; value: unknown; isOpen?: boolean }) {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
    const text = ArrayBuffer.isView(value) ? `${value.byteLength} bytes` : JSON.stringify(value);
    return (
      <div className="leaf">
        <code>
          {name}: {text}
        </code>
      </div>
    );
  }
  const members = Object.entries(value);
  return (
    <details open={isOpen} className="tree">
      <summary>
        <code>{name}</code> <span className="muted">{members.length}</span>
      </summary>
      {members.map(([key, member]) => (
        <Tree key={key} name={key} value={member} />
      ))}
    </details>
  );
}

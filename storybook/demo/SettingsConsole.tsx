import { useState } from 'react';
import { useDemo } from './demoContext.ts';

/** The text of the freeform document, deployed with a button. */
export function SettingsConsole() {
  const demo = useDemo();
  const [draft, setDraft] = useState(demo.settings);
  return (
    <div className="console-part">
      <p className="row spread console-title">
        <span>
          Profile <code>site-settings</code>
        </span>
        <span className="badge">version v{demo.version('site-settings')}</span>
      </p>
      <textarea
        aria-label="Text of the document"
        rows={8}
        spellCheck={false}
        value={draft}
        onChange={(event) => setDraft(event.target.value)}
      />
      <button type="button" className="primary" onClick={() => demo.deploySettings(draft)}>
        Deploy
      </button>
    </div>
  );
}

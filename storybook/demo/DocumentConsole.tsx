import { useDemo } from './demoContext.ts';

/** What is deployed, as AWS AppConfig stores it. */
export function DocumentConsole() {
  const { variants } = useDemo();
  return (
    <div className="console-part">
      <p className="row spread console-title">
        <span>
          Profile <code>flags</code>
        </span>
        <span className="badge">version v1</span>
      </p>
      <pre className="document" tabIndex={0} role="region" aria-label="The deployed document">
        {JSON.stringify(variants, undefined, 2)}
      </pre>
    </div>
  );
}

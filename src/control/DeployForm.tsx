import { useId, useState, type FormEvent } from 'react';
import type { ConfigurationName, DeploymentStrategy } from '../emulator/index.ts';
import { Button } from '../panel/index.ts';
import { useAction } from './control.ts';
import { Outcome } from './Outcome.tsx';

type StrategyName = 'at once' | 'linear' | 'exponential';

const STRATEGIES: Readonly<Record<StrategyName, DeploymentStrategy | undefined>> = {
  'at once': undefined,
  linear: { deploymentDurationInMinutes: 10, growthFactor: 20 },
  exponential: { deploymentDurationInMinutes: 20, growthFactor: 10, growthType: 'EXPONENTIAL' },
};
const STRATEGY_WORDS: Readonly<Record<StrategyName, string>> = {
  'at once': 'to all at once',
  linear: '20 % of sessions every 2 minutes',
  exponential: '10 % of sessions, doubled within 20 minutes',
};

/** Deploys a new version of a configuration from its text. */
export function DeployForm({
  name,
  deployedText,
  deployedContentType,
}: {
  name: ConfigurationName;
  deployedText: string;
  deployedContentType: string;
}) {
  const id = useId();
  const action = useAction();
  // Until it is edited, the text follows what is deployed.
  const [editedText, setText] = useState<string>();
  const [editedContentType, setContentType] = useState<string>();
  const text = editedText ?? deployedText;
  const contentType = editedContentType ?? deployedContentType;
  const [versionLabel, setVersionLabel] = useState('');
  const [strategy, setStrategy] = useState<StrategyName>('at once');
  const deploy = async () => {
    const isDeployed = await action.run(
      'deploy',
      {
        ...name,
        content: text,
        contentType,
        versionLabel: versionLabel || undefined,
        strategy: STRATEGIES[strategy],
      },
      'A new version was deployed.',
    );
    if (!isDeployed) return;
    setText(undefined);
    setContentType(undefined);
    setVersionLabel('');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void deploy();
  };
  return (
    <details className="card">
      <summary>
        <h2>Deploy a new version</h2>
      </summary>
      <form onSubmit={submit}>
        <label htmlFor={`${id}-text`}>Content</label>
        <textarea
          id={`${id}-text`}
          spellCheck={false}
          rows={Math.min(24, text.split('\n').length + 2)}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="fields">
          <label>
            Content type
            <input value={contentType} onChange={(event) => setContentType(event.target.value)} />
          </label>
          <label>
            Version label
            <input value={versionLabel} onChange={(event) => setVersionLabel(event.target.value)} />
          </label>
          <label>
            Roll out
            <select
              value={strategy}
              onChange={({ target }) =>
                setStrategy(STRATEGY_NAMES.find((known) => known === target.value) ?? 'at once')
              }
            >
              {STRATEGY_NAMES.map((known) => (
                <option key={known} value={known}>
                  {STRATEGY_WORDS[known]}
                </option>
              ))}
            </select>
          </label>
        </div>
        <div className="row">
          <Button type="submit" className="primary" isIdle={action.isRunning}>
            Deploy
          </Button>
        </div>
        <Outcome action={action} />
      </form>
    </details>
  );
}

const STRATEGY_NAMES: readonly StrategyName[] = ['at once', 'linear', 'exponential'];

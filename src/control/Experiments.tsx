import { useId, useState, type FormEvent } from 'react';
import type { ConfigurationName, ExperimentState } from '../emulator/index.ts';
import { Button, DataTable, type Column } from '../panel/index.ts';
import { useAction } from './control.ts';
import { Outcome } from './Outcome.tsx';

const COLUMNS: readonly Column[] = ['flag', { number: 'run' }, 'state', 'exposed', 'assigned', ''];
const EXAMPLE = JSON.stringify(
  {
    flag: 'checkout',
    control: { weight: 50, enabled: false },
    treatments: [{ weight: 50, enabled: true }],
    audienceRule: '(ne $country "US")',
    exposurePercentage: 20,
    overrides: {},
  },
  null,
  2,
);

/** The experiments on the flags of a configuration: started, exposed to more, stopped. */
export function Experiments({
  name,
  experiments,
}: {
  name: ConfigurationName;
  experiments: readonly ExperimentState[];
}) {
  const id = useId();
  const action = useAction();
  const [text, setText] = useState(EXAMPLE);
  const [problem, setProblem] = useState<string>();
  const own = experiments.filter(
    ({ application, environment, profile }) =>
      application === name.application &&
      environment === name.environment &&
      profile === name.profile,
  );
  const [isOpen, setOpen] = useState(() => own.some(({ status }) => status === 'RUNNING'));
  const start = (event: FormEvent) => {
    event.preventDefault();
    try {
      const experiment: unknown = JSON.parse(text);
      setProblem(undefined);
      void action.run(
        'start-experiment',
        Object.assign({}, experiment, name),
        'The experiment runs.',
      );
    } catch (error) {
      setProblem(`This is not JSON: ${error instanceof Error ? error.message : ''}`);
    }
  };
  return (
    <details className="card" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>Experiments</h2>
      </summary>
      {own.length > 0 && (
        <DataTable label="Experiments" columns={COLUMNS}>
          {own.toReversed().map((experiment) => (
            <tr key={`${experiment.flag} ${experiment.run}`}>
              <td>{experiment.flag}</td>
              <td className="number">{experiment.run}</td>
              <td>{experiment.status === 'RUNNING' ? 'running' : 'done'}</td>
              <td>{experiment.exposurePercentage} %</td>
              <td>{describeAssignments(experiment)}</td>
              <td>
                {experiment.status === 'RUNNING' && (
                  <Running name={{ ...name, flag: experiment.flag }} experiment={experiment} />
                )}
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      <form onSubmit={start}>
        <label htmlFor={`${id}-text`}>Start an experiment on a flag of this profile</label>
        <textarea
          id={`${id}-text`}
          spellCheck={false}
          rows={text.split('\n').length + 1}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <div className="row">
          <Button type="submit" isIdle={action.isRunning}>
            Start
          </Button>
        </div>
        {problem && (
          <p className="problem" role="alert">
            {problem}
          </p>
        )}
        <Outcome action={action} />
      </form>
    </details>
  );
}

function Running({ name, experiment }: { name: object; experiment: ExperimentState }) {
  const action = useAction();
  const exposurePercentage = Math.min(100, Math.max(1, experiment.exposurePercentage * 2));
  return (
    <span className="row">
      <Button
        isIdle={experiment.exposurePercentage === 100}
        onClick={() =>
          void action.run(
            'update-experiment',
            { ...name, exposurePercentage },
            `${exposurePercentage} % are exposed.`,
          )
        }
      >
        Expose more
      </Button>
      <Button
        isIdle={false}
        onClick={() => void action.run('stop-experiment', name, 'The experiment was stopped.')}
      >
        Stop
      </Button>
      <Outcome action={action} />
    </span>
  );
}

function describeAssignments({ assignments }: ExperimentState): string {
  const counts = Object.entries(assignments).map(([key, count]) => `${key} ${count}`);
  return counts.join(', ') || '–';
}

import { useContext } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { ConfigurationState } from '../emulator/index.ts';
import { nameOf } from './ConfigurationList.tsx';
import { ControlContext, useAction } from './control.ts';
import { Outcome } from './Outcome.tsx';
import { readRefusal } from './controlRequest.ts';
import { DeployForm } from './DeployForm.tsx';
import { Flags } from './Flags.tsx';
import { Versions } from './Versions.tsx';

/** Everything about one configuration: its flags, its text, its versions. */
export function ConfigurationPanel({ configuration }: { configuration: ConfigurationState }) {
  const { application, environment, profile, applicationId, environmentId, profileId } =
    configuration;
  const { request } = useContext(ControlContext);
  const action = useAction();
  const name = { application, environment, profile };
  // A version that is rolling out is the one to work on.
  const number = configuration.rollOut?.version ?? configuration.live;
  const version = configuration.versions.find((candidate) => candidate.number === number);
  const { data: content, error } = useQuery({
    queryKey: ['content', nameOf(name), number],
    // A version never changes.
    staleTime: Infinity,
    placeholderData: (before) => before,
    queryFn: async () => {
      const response = await request(
        `content?${new URLSearchParams({ ...name, version: String(number) })}`,
      );
      if (!response.ok) throw new Error(await readRefusal(response));
      return { number, text: await response.text() };
    },
  });
  const isCurrent = content?.number === number;
  const contentType = version?.contentType ?? 'application/json';
  const deploy = (text: string, outcome: string) =>
    action.run('deploy', { ...name, contentType, content: text }, outcome);
  return (
    <>
      <section className="card" aria-labelledby="configuration">
        <h2 id="configuration">{profile}</h2>
        <dl className="facts">
          <div>
            <dt>application</dt>
            <dd>
              {application} <code>{applicationId}</code>
            </dd>
          </div>
          <div>
            <dt>environment</dt>
            <dd>
              {environment} <code>{environmentId}</code>
            </dd>
          </div>
          <div>
            <dt>profile</dt>
            <dd>
              {profile} <code>{profileId}</code>
            </dd>
          </div>
          <div>
            <dt>served</dt>
            <dd>
              version {version?.versionLabel ?? number}
              {configuration.rollOut && `, to ${Math.round(configuration.rollOut.percentage)} %`}
            </dd>
          </div>
        </dl>
        {content && (
          <Flags text={content.text} isBusy={action.isRunning || !isCurrent} onDeploy={deploy} />
        )}
        {error && (
          <p className="problem" role="alert">
            {error.message}
          </p>
        )}
        <Outcome action={action} />
      </section>
      {content && (
        <DeployForm name={name} deployedText={content.text} deployedContentType={contentType} />
      )}
      <Versions
        configuration={configuration}
        onRollBack={() => action.run('roll-back', name, 'Rolled back.')}
      />
    </>
  );
}

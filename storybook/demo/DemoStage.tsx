import type { Decorator } from '@storybook/react-vite';
import { QueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { AppConfigProvider, type EvaluationContext } from 'react-appconfig';
import { OUTAGE } from '../../src/emulator/faults/index.ts';
import { createDemo, DEMO_NAME, type DemoFlags, type DemoOptions } from './createDemo.ts';
import { AudienceContext, DemoContext } from './demoContext.ts';
import { DeploymentConsole } from './DeploymentConsole.tsx';
import { DocumentConsole } from './DocumentConsole.tsx';
import { FaultConsole } from './FaultConsole.tsx';
import { FlagConsole } from './FlagConsole.tsx';
import { SessionTimeline } from './SessionTimeline.tsx';
import { SettingsConsole } from './SettingsConsole.tsx';

/** What a story says about its stage in `parameters.stage`. */
export interface StageParameters extends Omit<DemoOptions, 'flags' | 'overrides'> {
  /** @default those of `parameters.appConfig`, which the addon's panel overrides */
  flags?: DemoFlags | undefined;
  /** What to try, under the story's name. */
  hint: string;
  /** What the console edits. */
  console?: 'flags' | 'settings' | 'deployments' | 'document' | undefined;
  /** Who uses the app at first. */
  audience?: EvaluationContext | undefined;
}

/**
 * Wraps a story in a provider on an emulator of its own, beside the consoles that drive it. The addon's panel
 * overrides what the emulator serves. A story's loader may bring the query client.
 */
export const withStage: Decorator = (Story, { parameters, id, name, loaded, args, globals }) => {
  const stage: StageParameters | undefined = parameters['stage'];
  if (!stage) return <Story />;
  const pollIntervalInSeconds = Number(args['pollIntervalInSeconds']);
  const { appConfig } = parameters;
  const state = globals['appConfigState'];
  return (
    <DemoStage
      key={`${id} ${pollIntervalInSeconds} ${state}`}
      title={name}
      stage={{
        ...stage,
        flags: stage.flags ?? appConfig?.flags ?? {},
        pollIntervalInSeconds,
        overrides: appConfig && loaded['appConfig']?.overrides,
        prepare(emulator) {
          stage.prepare?.(emulator);
          if (state === 'loading') emulator.inject({ kind: 'slow', delayMs: ONE_MINUTE_MS });
          if (state === 'error') emulator.inject({ kind: OUTAGE, times: Number.POSITIVE_INFINITY });
        },
      }}
      queryClient={loaded['queryClient']}
    >
      <Story />
    </DemoStage>
  );
};

const ONE_MINUTE_MS = 60_000;

const CONSOLES = {
  flags: FlagConsole,
  settings: SettingsConsole,
  deployments: DeploymentConsole,
  document: DocumentConsole,
};

interface DemoStageProps {
  title: string;
  stage: StageParameters & DemoOptions;
  queryClient: QueryClient | undefined;
  children: ReactNode;
}

function DemoStage({ title, stage, queryClient, children }: DemoStageProps) {
  const [stableQueryClient] = useState(() => queryClient ?? new QueryClient());
  const [demo] = useState(() => createDemo(stage));
  const audience = useState(stage.audience ?? {});
  const [{ entityId, context }] = audience;
  const Console = CONSOLES[stage.console ?? 'flags'];
  return (
    <DemoContext.Provider value={demo}>
      <AppConfigProvider
        {...DEMO_NAME}
        source={demo.source}
        flags="flags"
        queryClient={stableQueryClient}
        overrides={demo.overrides}
        entityId={entityId}
        context={context}
      >
        <main className="stage">
          <header className="stage-header">
            <h1>{title}</h1>
            <p>{stage.hint}</p>
          </header>
          <section className="card app" aria-labelledby="app-heading">
            <h2 id="app-heading">Your app</h2>
            <AudienceContext.Provider value={audience}>
              <div className="app-body">{children}</div>
            </AudienceContext.Provider>
          </section>
          <section className="card console" aria-labelledby="console-heading">
            <h2 id="console-heading">AWS AppConfig, emulated in this page</h2>
            <Console />
            <FaultConsole />
          </section>
          <SessionTimeline profile={stage.console === 'settings' ? 'site-settings' : 'flags'} />
        </main>
      </AppConfigProvider>
    </DemoContext.Provider>
  );
}

import { perObject, type AppConfigClient, type AppConfigProfile } from '../client/index.ts';

/** The newest of each are kept. */
const MAX_KEPT = 100;

/** A version that this page has seen. */
export interface SeenVersion {
  readonly profile: string;
  /** Whose it was: another audience has another one. */
  readonly audience: string;
  readonly versionLabel: string | undefined;
  readonly value: unknown;
}

/** Something that has happened. */
export interface LogLine {
  readonly id: number;
  readonly at: number;
  readonly kind: 'poll' | 'version' | 'change' | 'exposure' | 'error';
  readonly text: string;
}

/** What has happened to a client since recording began. Recording starts no poll. */
export class Recording {
  readonly versions: SeenVersion[] = [];
  readonly log: LogLine[] = [];
  readonly #client: AppConfigClient;
  readonly #polls = new Map<string, number>();
  #count = 0;

  constructor(client: AppConfigClient) {
    this.#client = client;
  }

  /** Records until the function that it returns is called. */
  start(): () => void {
    this.#look();
    const stops = [
      this.#client.queryClient.getQueryCache().subscribe(() => this.#look()),
      this.#client.listen({
        isTool: true,
        onError: ({ code, message }) => this.#write('error', `${code}: ${message}`),
        onExposure: ({ flag, value, reason }) =>
          this.#write('exposure', `${flag}: ${JSON.stringify(value)}, ${reason}`),
        onChange: ({ fromVersionLabel, toVersionLabel, flags }) =>
          this.#write(
            'change',
            `${fromVersionLabel ?? 'before'} → ${toVersionLabel ?? 'now'}: ${flags
              .map(
                ({ flag, from, to }) => `${flag} ${JSON.stringify(from)} → ${JSON.stringify(to)}`,
              )
              .join('; ')}`,
          ),
      }),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }

  /** The versions of a profile that its audience has seen. */
  versionsOf({ name }: Pick<AppConfigProfile, 'name'>): readonly SeenVersion[] {
    const audience = this.#audience;
    return this.versions.filter(
      (version) => version.profile === name && version.audience === audience,
    );
  }

  get #audience(): string {
    return JSON.stringify(this.#client.evaluationContext);
  }

  #look(): void {
    for (const profile of this.#client.profiles) {
      const { name, isKept } = profile;
      // What the service says, without overrides.
      const { snapshot, pollCount } = profile.state;
      if (pollCount > (this.#polls.get(name) ?? 0)) {
        this.#polls.set(name, pollCount);
        this.#write('poll', `${name}: poll ${pollCount} was answered`);
      }
      const seen = this.versionsOf(profile).at(-1);
      // What is shown until then was seen by the audience before.
      if (!snapshot || isKept || seen?.value === snapshot.value) continue;
      const { value, versionLabel } = snapshot;
      this.versions.push({ profile: name, audience: this.#audience, versionLabel, value });
      this.versions.splice(0, this.versions.length - MAX_KEPT);
      this.#write('version', `${name}: version ${versionLabel ?? 'without a label'}`);
    }
  }

  #write(kind: LogLine['kind'], text: string): void {
    this.#count += 1;
    this.log.push({ id: this.#count, at: Date.now(), kind, text });
    this.log.splice(0, this.log.length - MAX_KEPT);
  }
}

/** One for each client, also when the tools are closed and opened again. */
export const recordingOf = perObject((client: AppConfigClient) => new Recording(client));

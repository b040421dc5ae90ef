import type { DeployedVersion, ConfigurationName } from '../deployments/index.ts';
import { tokenProblem } from './serviceError.ts';
import { createTokenMint, type TokenParts } from './tokens.ts';

/** A session of a client of the data API. */
export interface EmulatorSession extends ConfigurationName {
  /** The part of its tokens' short names before the dot. */
  readonly id: number;
  readonly intervalInSeconds: number;
  readonly pollCount: number;
  /** The number of the version that its last answer carried. */
  readonly version: number | undefined;
  /** In milliseconds since 1970 by the emulator's clock. */
  readonly lastSeenAt: number;
  /** From when on a poll is served, in milliseconds since 1970 by the emulator's clock. */
  readonly nextPollAt: number;
}

/** The rules of the protocol that a client can break. */
export type ViolationRule =
  | 'token-reused'
  | 'token-expired'
  | 'token-corrupted'
  | 'poll-interval-not-satisfied'
  | 'invalid-parameters';

const TOKEN_LIFE_MS = 24 * 60 * 60_000;

/** A session as the service remembers it. */
interface Session {
  readonly id: number;
  readonly name: ConfigurationName;
  readonly intervalInSeconds: number;
  /** The number of the one token that is good now. */
  sequence: number;
  tokenBornAt: number;
  notBefore: number;
  pollCount: number;
  /** The number of the version that its last answer carried. */
  servedVersion: number | undefined;
  /** Ended on purpose, which no client can know. */
  isEnded: boolean;
}

/** What a poll is answered with. */
export interface SessionAnswer {
  readonly nextToken: string;
  readonly nextParts: TokenParts;
  readonly intervalInSeconds: number;
  readonly version: DeployedVersion;
  readonly isUnchanged: boolean;
}

/** How a {@link Sessions} reports that a client broke a rule. */
export type ReportViolation = (rule: ViolationRule, token: TokenParts | undefined) => void;

/** The sessions of the data plane: one good token each. */
export class Sessions {
  readonly #mint = createTokenMint();
  readonly #sessions = new Map<number, Session>();
  readonly #now: () => number;
  readonly #report: ReportViolation;
  #count = 0;

  constructor(now: () => number, report: ReportViolation) {
    this.#now = now;
    this.#report = report;
  }

  start(name: ConfigurationName, intervalInSeconds: number): { token: string; parts: TokenParts } {
    this.#dropExpired();
    this.#count += 1;
    const session: Session = {
      id: this.#count,
      name,
      intervalInSeconds,
      sequence: 1,
      tokenBornAt: this.#now(),
      notBefore: this.#now(),
      pollCount: 0,
      servedVersion: undefined,
      isEnded: false,
    };
    this.#sessions.set(session.id, session);
    const parts = { session: session.id, sequence: 1 };
    return { token: this.#mint.mint(parts), parts };
  }

  /** What a token says of itself; undefined if it was not minted here. */
  read(token: string): TokenParts | undefined {
    return this.#mint.read(token);
  }

  /**
   * Spends a token.
   *
   * @throws ServiceError BadRequestException for a token that is spent, expired, altered or too early.
   */
  poll(
    parts: TokenParts | undefined,
    find: (name: ConfigurationName, session: number) => DeployedVersion,
  ): SessionAnswer {
    if (!parts) return this.#refuse('token-corrupted', parts, 'Invalid token', 'Corrupted');
    const session = this.#sessions.get(parts.session);
    const now = this.#now();
    if (!session || now - session.tokenBornAt > TOKEN_LIFE_MS) {
      return this.#refuse('token-expired', parts, 'Token has expired', 'Expired');
    }
    if (session.sequence !== parts.sequence) {
      return this.#refuse('token-reused', parts, 'Token has already been used', 'Corrupted');
    }
    if (session.isEnded) {
      session.sequence += 1;
      throw tokenProblem('Token has expired', 'Expired');
    }
    if (now < session.notBefore) {
      const problem = 'PollIntervalNotSatisfied';
      return this.#refuse('poll-interval-not-satisfied', parts, 'Request too early', problem);
    }
    session.sequence += 1;
    session.pollCount += 1;
    session.tokenBornAt = now;
    session.notBefore = now + session.intervalInSeconds * 1_000;
    // Back in at the end, which keeps the sessions in the order in which they expire.
    this.#sessions.delete(session.id);
    this.#sessions.set(session.id, session);
    const version = find(session.name, session.id);
    const isUnchanged = session.servedVersion === version.number;
    session.servedVersion = version.number;
    const nextParts = { session: session.id, sequence: session.sequence };
    const { intervalInSeconds } = session;
    return {
      nextToken: this.#mint.mint(nextParts),
      nextParts,
      intervalInSeconds,
      version,
      isUnchanged,
    };
  }

  /** What the session of a token is for. */
  nameOf({ session }: TokenParts): ConfigurationName | undefined {
    return this.#sessions.get(session)?.name;
  }

  /** Those whose token can still be used. */
  list(): readonly EmulatorSession[] {
    this.#dropExpired();
    return [...this.#sessions.values()]
      .filter(({ isEnded }) => !isEnded)
      .map(({ id, name, intervalInSeconds, pollCount, servedVersion, tokenBornAt, notBefore }) => ({
        id,
        application: name.application,
        environment: name.environment,
        profile: name.profile,
        intervalInSeconds,
        pollCount,
        version: servedVersion,
        lastSeenAt: tokenBornAt,
        nextPollAt: notBefore,
      }));
  }

  /** Ends the session of a token, without blaming the client; without a token, ends all sessions. */
  end(parts?: TokenParts): void {
    for (const session of this.#sessions.values()) {
      if (!parts || session.id === parts.session) session.isEnded = true;
    }
  }

  #refuse(
    rule: ViolationRule,
    parts: TokenParts | undefined,
    message: string,
    problem: 'Corrupted' | 'Expired' | 'PollIntervalNotSatisfied',
  ): never {
    this.#report(rule, parts);
    throw tokenProblem(message, problem);
  }

  /** Nothing is kept of sessions whose token can no longer be used. */
  #dropExpired(): void {
    for (const [id, { tokenBornAt }] of this.#sessions) {
      if (this.#now() - tokenBornAt <= TOKEN_LIFE_MS) return;
      this.#sessions.delete(id);
    }
  }
}

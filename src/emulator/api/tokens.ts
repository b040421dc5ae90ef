import { hashNumber } from '../deployments/index.ts';

/** The parts of a token: its session, and its number within that session. */
export interface TokenParts {
  readonly session: number;
  readonly sequence: number;
}

/**
 * Mints tokens and checks them. A token says of itself what it is, and is compared with a freshly
 * minted one as a whole, so nothing has to be remembered and no altered character goes unnoticed.
 */
export function createTokenMint() {
  // Not from crypto, which React Native lacks: it does not have to be hard to guess.
  const secret = Math.random().toString(36).slice(2);

  function mint({ session, sequence }: TokenParts): string {
    return `emulator-${session}-${sequence}-${hashNumber(`${secret}/${session}/${sequence}`)}`;
  }

  /** What the token says, or undefined if it was not minted here as it stands. */
  function read(token: string): TokenParts | undefined {
    const [, session, sequence] = /^emulator-(\d{1,15})-(\d{1,15})-/.exec(token) ?? [];
    const parts = { session: Number(session), sequence: Number(sequence) };
    return session !== undefined && token === mint(parts) ? parts : undefined;
  }

  return { mint, read };
}

/** What a token is called where people read it. */
export function tokenName({ session, sequence }: TokenParts): string {
  return `${session}.${sequence}`;
}

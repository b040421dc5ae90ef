/** What one page or process saw of a campaign. */
export interface CampaignRecord {
  /** The version that each profile shows now. */
  readonly shown: Record<string, number>;
  /** How often components of one commit showed different versions, or an older one than before. */
  wrongValues: number;
  /** How often a profile that had a configuration showed none. */
  lostConfigurations: number;
  /** The highest version that was ever shown. */
  newest: number;
  unhandledRejections: number;
  /** How often a session sent a token that it had sent before. */
  tokensSentTwice: number;
  /** How often the page came back from the back/forward cache. */
  backFromCache: number;
  /** The longest time that a session has wanted to wait since all was calm, in its own milliseconds. */
  longestWaitMs: number;
  readonly faults: Record<string, number>;
  readonly errors: Record<string, number>;
  show(profile: string, versions: ReadonlySet<string>): void;
  /** What a freeform text says; undefined while there is none. */
  showText(text: string | undefined): void;
  noteWait(waitMs: number): void;
  countFault(kind: string): void;
  countError(code: string): void;
  countTokenReused(): void;
}

/** @param stored what the same page saw before, as JSON */
export function createRecord(stored = '{}'): CampaignRecord {
  let hasText = false;
  const record: CampaignRecord = {
    shown: {},
    wrongValues: 0,
    lostConfigurations: 0,
    newest: 0,
    unhandledRejections: 0,
    tokensSentTwice: 0,
    backFromCache: 0,
    longestWaitMs: 0,
    faults: {},
    errors: {},
    ...JSON.parse(stored),
    show(profile, versions) {
      const [version = 'none'] = versions;
      const before = record.shown[profile];
      if (versions.size > 1) record.wrongValues += 1;
      if (version === 'none') {
        if (before !== undefined) record.lostConfigurations += 1;
        return;
      }
      if (!(Number(version) >= (before ?? 1))) record.wrongValues += 1;
      record.shown[profile] = Number(version);
      record.newest = Math.max(record.newest, Number(version));
    },
    showText(text) {
      if (text?.includes('<')) record.wrongValues += 1;
      if (text === undefined && hasText) record.lostConfigurations += 1;
      hasText ||= text !== undefined;
    },
    noteWait(waitMs) {
      record.longestWaitMs = Math.max(record.longestWaitMs, waitMs);
    },
    countFault(kind) {
      record.faults[kind] = (record.faults[kind] ?? 0) + 1;
    },
    countError(code) {
      record.errors[code] = (record.errors[code] ?? 0) + 1;
    },
    countTokenReused() {
      record.tokensSentTwice += 1;
    },
  };
  return record;
}

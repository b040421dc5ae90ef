import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import {
  createEmulator,
  emulatorRequestHandler,
  type Emulator,
  type JsonValue,
} from '../../src/emulator/index.ts';
import { multiVariantFlags } from '../../src/emulator/variants/index.ts';
import type { Overrides } from 'react-appconfig/overrides';
import { agentSource } from '../../src/entries/agent.ts';
import type { ConfigurationSource } from '../../src/entries/sources.ts';
import { appConfigDataSource } from '../../src/sources/appconfigdata/index.ts';

/** The flags of a demo, as they are deployed. */
export type DemoFlags = Readonly<
  Record<
    string,
    { readonly enabled: boolean; readonly [attribute: string]: string | number | boolean }
  >
>;

/** What a story's page runs on. */
export interface DemoOptions {
  /** @default 3, short enough to watch; AWS AppConfig's own default is 60 */
  pollIntervalInSeconds?: number;
  flags: DemoFlags;
  /**
   * Flags with variants, as AWS AppConfig stores them, in the place of `flags`: they are read through the
   * Agent's route.
   */
  variants?: JsonValue;
  /** A freeform document, deployed as the profile `site-settings`. */
  settings?: string;
  /** Runs before the first request: the place to inject faults. */
  prepare?: (emulator: Emulator) => void;
  /** What the addon's panel has changed. */
  overrides?: Overrides | undefined;
}

/** The profiles of a demo. */
export type DemoProfile = 'flags' | 'site-settings';

/** A version of each profile, and how to deploy another. */
export interface Demo {
  readonly emulator: Emulator;
  readonly source: ConfigurationSource;
  /** For each provider of the page. */
  readonly overrides: Overrides | undefined;
  readonly flags: DemoFlags;
  readonly settings: string;
  /** The flags with variants that were deployed at first, if there are any. */
  readonly variants: JsonValue | undefined;
  /** The number of the newest version of a profile. */
  version(profile: DemoProfile): number;
  deployFlags(flags: DemoFlags): void;
  deploySettings(settings: string): void;
}

export const DEMO_NAME = { application: 'shop', environment: 'demo' };

/** AWS AppConfig inside the page, and the real AWS SDK client wired to it. */
export function createDemo({
  pollIntervalInSeconds = 3,
  flags,
  variants,
  settings = '',
  prepare,
  overrides,
}: DemoOptions): Demo {
  const emulator = createEmulator({
    pollIntervalInSeconds,
    multiVariantFlags,
  });
  const client = new AppConfigDataClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'demo', secretAccessKey: 'demo' },
    requestHandler: emulatorRequestHandler(emulator),
    maxAttempts: 1,
  });
  const deployed = { flags, settings };
  const versions: Record<DemoProfile, number> = { flags: 0, 'site-settings': 0 };
  const deploy = (profile: DemoProfile, content: JsonValue) => {
    versions[profile] += 1;
    const versionLabel = `v${versions[profile]}`;
    const contentType = 'application/json';
    emulator.deploy({ ...DEMO_NAME, profile, content, contentType, versionLabel });
  };
  const demo: Demo = {
    emulator,
    source: variants
      ? agentSource({
          pollIntervalInSeconds,
          fetch: (input, init) => emulator.fetch(new Request(input, init)),
        })
      : appConfigDataSource(client),
    overrides,
    get flags() {
      return deployed.flags;
    },
    get settings() {
      return deployed.settings;
    },
    variants,
    version: (profile) => versions[profile],
    deployFlags(next) {
      deployed.flags = next;
      deploy('flags', next);
    },
    deploySettings(next) {
      deployed.settings = next;
      deploy('site-settings', next);
    },
  };
  if (settings) deploy('site-settings', settings);
  deploy('flags', variants ?? flags);
  prepare?.(emulator);
  return demo;
}

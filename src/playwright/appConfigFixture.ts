import type {
  DefaultFlagsProfileName,
  FlagKey,
  FlagsOf,
  GivenDocument,
  ProfileName,
} from '../client/index.ts';
import { createEmulator, type Emulator, type JsonValue } from '../emulator/index.ts';
import { toFlag } from '../flags/index.ts';
import type { TestFlags } from '../testing/index.ts';
import { findAppConfigPath, type RoutedContext } from './pageRequests.ts';

/** What may be set for {@link appConfigFixture}. */
export interface AppConfigFixtureOptions {
  /** The application that the page asks for. */
  application: string;
  /** The environment that the page asks for. */
  environment: string;
  /** The flags that every test begins with. @default none, so that every flag is off */
  flags?: TestFlags | undefined;
  /** The name of the profile with the flags. @default 'flags' */
  flagsProfile?: string | undefined;
  /** Documents of other profiles. */
  documents?: { readonly [Profile in ProfileName]?: GivenDocument<Profile> } | undefined;
  /** After how many seconds an open page sees what a test has changed. @default 1 */
  pollIntervalInSeconds?: number | undefined;
}

/** AWS AppConfig for the pages of one test. */
export interface PageAppConfig {
  /** Deploys a flag; an open page sees it at its next poll. */
  setFlag<Key extends FlagKey<DefaultFlagsProfileName>>(
    key: Key,
    value: boolean | FlagsOf<DefaultFlagsProfileName>[Key],
  ): void;
  /** Deploys all flags at once: those that are not named are gone. */
  setFlags(flags: TestFlags): void;
  /** Deploys a document of another profile. */
  setDocument<Profile extends ProfileName>(
    profile: Profile,
    document: GivenDocument<Profile>,
  ): void;
  /** What answers the pages: for faults, and for what they have asked. */
  readonly emulator: Emulator;
}

/** What a test may take. */
export interface AppConfigFixtures {
  appConfig: PageAppConfig;
}

/**
 * A fixture for Playwright: the pages of a test get their flags from an emulator in the test's process, whichever way
 * they ask (AWS's data API, the AppConfig Agent, or the server handler), so that the app is tested as it is built.
 *
 * @example
 * import { test as base } from '@playwright/test';
 * import { appConfigFixture, type AppConfigFixtures } from 'react-appconfig/playwright';
 *
 * export const test = base.extend<AppConfigFixtures>(
 *   appConfigFixture({ application: 'shop', environment: 'production' }),
 * );
 *
 * test('the new checkout', async ({ page, appConfig }) => {
 *   appConfig.setFlag('new-checkout', true);
 *   await page.goto('/');
 *   await expect(page.getByText('The new checkout')).toBeVisible();
 * });
 *
 * @throws InvalidConfigurationError from `setFlag`, `setFlags` and `setDocument` for what AWS AppConfig would refuse.
 * @see https://playwright.dev/docs/test-fixtures
 */
export function appConfigFixture({
  application,
  environment,
  flags: firstFlags = {},
  flagsProfile = 'flags',
  documents = {},
  pollIntervalInSeconds = 1,
}: AppConfigFixtureOptions) {
  function createPageAppConfig(): PageAppConfig {
    const emulator = createEmulator({ pollIntervalInSeconds });
    let flags: Readonly<Record<string, unknown>> = {};
    const deploy = (profile: string, document: unknown) =>
      emulator.deploy({ application, environment, profile, content: toJson(document) });
    const setFlags = (next: Readonly<Record<string, unknown>>) => {
      flags = next;
      const written = Object.entries(flags).map(([key, flag]) => [key, toFlag(flag)]);
      deploy(flagsProfile, Object.fromEntries(written));
    };
    setFlags(firstFlags);
    for (const [profile, document] of Object.entries(documents)) deploy(profile, document);
    return {
      emulator,
      setFlag: (key, value) => setFlags({ ...flags, [key]: value }),
      setFlags,
      setDocument: deploy,
    };
  }

  const provide = async (
    { context }: { context: RoutedContext },
    provideTo: (appConfig: PageAppConfig) => Promise<void>,
  ) => {
    const appConfig = createPageAppConfig();
    await context.route(
      (url) => findAppConfigPath(url) !== undefined,
      async (route) => {
        const request = route.request();
        const body = request.postData();
        const response = await appConfig.emulator.fetch(
          new Request(`http://emulator${findAppConfigPath(new URL(request.url()))}`, {
            method: request.method(),
            headers: request.headers(),
            ...(body !== null && { body }),
          }),
        );
        await route.fulfill({
          status: response.status,
          headers: {
            ...Object.fromEntries(response.headers),
            // The Agent names no interval, and a test does not wait for a minute.
            'cache-control': `max-age=${pollIntervalInSeconds}`,
          },
          body: Buffer.from(await response.arrayBuffer()),
        });
      },
    );
    await provideTo(appConfig);
  };
  // For every test: a page of one that takes no flags must not ask AWS.
  const appConfig: [typeof provide, { auto: true }] = [provide, { auto: true }];
  return { appConfig };
}

/** What a test writes goes to the page as JSON. */
function toJson(document: unknown): JsonValue {
  return JSON.parse(JSON.stringify(document));
}

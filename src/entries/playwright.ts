export {
  appConfigFixture,
  type AppConfigFixtureOptions,
  type AppConfigFixtures,
  type PageAppConfig,
} from '../playwright/index.ts';

export {
  appConfigFixture,
  type AppConfigFixtureOptions,
  type AppConfigFixtures,
  type PageAppConfig,
} from './appConfigFixture.ts';

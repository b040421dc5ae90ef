import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

/** What each published import exports at run time. A name that is added or lost here is a change for users. */
const PUBLIC_NAMES: Readonly<Record<string, readonly string[]>> = {
  '.': [
    'AppConfigClient',
    'AppConfigError',
    'AppConfigProvider',
    'Feature',
    'appConfigQuery',
    'appConfigQueryKey',
    'evaluateFlag',
    'useAppConfig',
    'useAppConfigClient',
    'useAppConfigStatus',
    'useFlag',
    'useFlagDetails',
    'useFlagEnabled',
    'useFlagValue',
    'useFlags',
    'useSuspenseAppConfig',
    'useSuspenseFlag',
    'useSuspenseFlags',
  ],
  './errors': [
    'AppConfigError',
    'ContentError',
    'InvalidAnswerError',
    'InvalidArgumentError',
    'MissingProviderError',
    'RequestError',
    'SchemaError',
    'SessionDisposedError',
    'TypeMismatchError',
  ],
  './session': ['ConfigurationSession', 'systemClock'],
  './appconfigdata': ['appConfigDataSource'],
  './agent': ['agentSource', 'experimentSource'],
  './sources': ['crossTabSource', 'loggedSource', 'memorySource'],
  './overrides': ['browserOverrides', 'memoryOverrides', 'readOverridesCookie'],
  './server': ['createAppConfigHandler', 'createAppConfigServer'],
  './testing': [
    'AppConfigTestProvider',
    'RehearsalError',
    'createTestAppConfig',
    'flagMatrix',
    'rehearse',
  ],
  './persistence': ['persistAppConfig'],
  './playwright': ['appConfigFixture'],
  './devtools': ['AppConfigDevtools', 'appConfigDevtoolsPlugin'],
  './openfeature': ['OpenFeatureAppConfigProvider'],
  './emulator': ['InvalidConfigurationError', 'createEmulator', 'emulatorRequestHandler'],
  './emulator/variants': ['multiVariantFlags'],
  './emulator/node': ['serveEmulator'],
};

const published = Object.entries(packageJson.exports).flatMap(([name, target]) =>
  // Storybook's addon can be imported inside of Storybook alone, and what is for Next beside Next.
  typeof target === 'object' && 'import' in target && name !== './next'
    ? [{ name, file: target.import.default }]
    : [],
);

describe('the published imports', () => {
  it('are those whose names are listed here', () => {
    expect(published.map(({ name }) => name)).toEqual(Object.keys(PUBLIC_NAMES));
  });

  it.each(published)('$name exports its public names and nothing else', async ({ name, file }) => {
    const source = file.replace('./dist/', '../src/').replace('.js', '.ts');
    const names = Object.keys(Object(await import(/* @vite-ignore */ source)));
    expect(names.toSorted()).toEqual(PUBLIC_NAMES[name]);
  });
});

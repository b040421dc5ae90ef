/** @jsxRuntime classic */
// Storybook's manager shares its React by name, and knows no jsx-runtime.
import * as React from 'react';
import { AddonPanel } from 'storybook/internal/components';
import { addons, types, useGlobals, useParameter } from 'storybook/manager-api';
import { useTheme } from 'storybook/theming';
import { FlagList, panelCss, StyleSheet, toPanelFlag } from '../panel/index.ts';
import { ADDON_ID, APP_CONFIG, APP_CONFIG_STATE } from './constants.ts';
import {
  applyChanges,
  decodeFlags,
  encodeFlags,
  isStoryFlag,
  type StoryFlags,
} from './storyFlags.ts';

const STATES = ['loaded', 'loading', 'error'];

interface Parameter {
  readonly flags?: StoryFlags;
  readonly presets?: Readonly<Record<string, StoryFlags>>;
}

const NOTHING: Parameter = {};

/** The changes to a story's flags, and how to make more. */
function useChanges() {
  const [globals, updateGlobals, storyGlobals] = useGlobals();
  return {
    changes: decodeFlags(globals[APP_CONFIG]),
    state: String(globals[APP_CONFIG_STATE] ?? 'loaded'),
    // What a story sets itself, the address cannot change.
    isFixed: APP_CONFIG in storyGlobals,
    setChanges: (changes: StoryFlags) => updateGlobals({ [APP_CONFIG]: encodeFlags(changes) }),
    setState: (state: string) => updateGlobals({ [APP_CONFIG_STATE]: state }),
  };
}

function Panel() {
  const { flags = {} } = useParameter<Parameter>(APP_CONFIG, NOTHING);
  const { changes, state, isFixed, setChanges, setState } = useChanges();
  const { base } = useTheme();
  const shown = Object.entries(applyChanges(flags, changes));
  const change = (key: string, member: string, value: unknown) => {
    const before = shown.find(([name]) => name === key)?.[1];
    const flag = { enabled: false, ...before, [member]: value };
    const changed = Object.keys(flag).length === 1 ? value : flag;
    if (isStoryFlag(changed)) setChanges({ ...changes, [key]: changed });
  };
  const reset = (key: string) => {
    const { [key]: _gone, ...rest } = changes;
    setChanges(rest);
  };
  return (
    <div className="appconfig-panel" data-theme={base}>
      <StyleSheet css={panelCss} />
      {shown.length === 0 ? (
        <p>
          This story has no <code>parameters.appConfig</code>: give it{' '}
          <code>{'{ flags: { … } }'}</code>.
        </p>
      ) : (
        <React.Fragment>
          <div className="row">
            <fieldset>
              <legend>The configuration</legend>
              {STATES.map((name) => (
                <label key={name}>
                  <input
                    type="radio"
                    name="appconfig-state"
                    checked={state === name}
                    onChange={() => setState(name)}
                  />{' '}
                  {name}
                </label>
              ))}
            </fieldset>
            {Object.keys(changes).length > 0 && (
              <button type="button" onClick={() => setChanges({})}>
                Reset all
              </button>
            )}
          </div>
          {isFixed && <p>This story sets its own globals, so that the switches do nothing here.</p>}
          <FlagList
            label="Flags of this story"
            takesEachLetter
            flags={shown.map(([key, flag]) =>
              toPanelFlag(key, flag, { isChanged: Object.hasOwn(changes, key) }),
            )}
            onSwitch={(key, isEnabled) => change(key, 'enabled', isEnabled)}
            onAttribute={change}
            onReset={reset}
          />
        </React.Fragment>
      )}
    </div>
  );
}

/** A plain menu: Storybook's own has another name in each of its versions. */
function Presets() {
  const { presets } = useParameter<Parameter>(APP_CONFIG, NOTHING);
  const { changes, isFixed, setChanges } = useChanges();
  if (!presets) return null;
  const text = JSON.stringify(encodeFlags(changes));
  const names = Object.keys(presets);
  const chosen = names.find((name) => JSON.stringify(encodeFlags(presets[name] ?? {})) === text);
  return (
    <select
      aria-label="Flags"
      disabled={isFixed}
      value={chosen ?? ''}
      onChange={({ target }) => setChanges(presets[target.value] ?? {})}
    >
      <option value="">Flags</option>
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}

addons.register(ADDON_ID, () => {
  addons.add(`${ADDON_ID}/panel`, {
    type: types.PANEL,
    title: 'Flags',
    paramKey: APP_CONFIG,
    match: ({ viewMode }) => viewMode === 'story',
    render: ({ active }) => (
      <AddonPanel active={active === true}>
        <Panel />
      </AddonPanel>
    ),
  });
  addons.add(`${ADDON_ID}/presets`, {
    type: types.TOOL,
    title: 'Flags',
    match: ({ viewMode, tabId }) => !tabId && viewMode === 'story',
    render: () => <Presets />,
  });
});

import flagListCss from './flagList.css?inline';

/** The look of a panel in a shadow root or in another's page. */
export const panelCss = `
.appconfig-panel {
  --line: #d5d9e2;
  --text: #171a23;
  --muted: #565d70;
  --sunken: #f4f5f8;
  --surface: #ffffff;
  --accent: #4b46c8;
  --accent-text: #ffffff;
  --bad: #b3261e;
  color: var(--text);
  background: var(--surface);
  font: 13px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif;
  padding: 12px;
  display: flex;
  flex-direction: column;
  gap: 12px;
  min-height: 100%;
  box-sizing: border-box;
}
.appconfig-panel[data-theme='dark'] {
  --line: #3a4055;
  --text: #eceef5;
  --muted: #a9b0c3;
  --sunken: #11131b;
  --surface: #1b1e29;
  --accent: #a5a0ff;
  --accent-text: #14122f;
  --bad: #ff9aa2;
}
.appconfig-panel code { font: 12px/1.5 ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', monospace; }
.appconfig-panel .row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; }
.appconfig-panel .flag-list { border: 1px solid var(--line); border-radius: 8px; }
.appconfig-panel :is(input:not([type='radio']), select) {
  box-sizing: border-box; padding: 3px 8px; border: 1px solid var(--line); border-radius: 6px;
  background: var(--sunken); color: var(--text); font: inherit;
}
.appconfig-panel button:not([role='switch']) { padding: 3px 10px; border: 1px solid var(--line); border-radius: 6px; background: var(--surface); color: var(--text); font: inherit; cursor: pointer; }
.appconfig-panel fieldset { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0; padding: 0; border: 0; }
.appconfig-panel legend { float: left; margin-right: 16px; color: var(--muted); }
.appconfig-panel p { margin: 0; color: var(--muted); }
.appconfig-panel :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
${flagListCss}`;

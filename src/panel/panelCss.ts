/** The look of a panel. Whoever shows one sets the custom properties, or takes these. */
export const panelCss = `
.appconfig-panel {
  --panel-line: #d5d9e2;
  --panel-text: #171a23;
  --panel-muted: #565d70;
  --panel-sunken: #f4f5f8;
  --panel-surface: #ffffff;
  --panel-accent: #4b46c8;
  color: var(--panel-text);
  background: var(--panel-surface);
  font: 13px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif;
  padding: 12px;
  display: flex;
  flex-direction: column;
  gap: 12px;
  min-height: 100%;
  box-sizing: border-box;
}
.appconfig-panel[data-theme='dark'] {
  --panel-line: #3a4055;
  --panel-text: #eceef5;
  --panel-muted: #a9b0c3;
  --panel-sunken: #11131b;
  --panel-surface: #1b1e29;
  --panel-accent: #a5a0ff;
}
.appconfig-panel code { font: 12px/1.5 ui-monospace, SFMono-Regular, Menlo, 'DejaVu Sans Mono', monospace; }
.appconfig-panel .row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; }
.appconfig-panel .flag-list { list-style: none; margin: 0; padding: 0; border: 1px solid var(--panel-line); border-radius: 8px; }
.appconfig-panel .flag-list li { padding: 6px 12px; }
.appconfig-panel .flag-list li + li { border-top: 1px solid var(--panel-line); }
.appconfig-panel .switch-row { display: flex; align-items: center; gap: 12px; min-height: 28px; }
.appconfig-panel .switch-row label { display: flex; flex: 1; align-items: center; justify-content: space-between; gap: 12px; cursor: pointer; overflow-wrap: anywhere; }
.appconfig-panel .attribute-row { display: flex; align-items: center; justify-content: space-between; gap: 12px; padding: 3px 0 3px 16px; color: var(--panel-muted); }
.appconfig-panel input:not([type='checkbox']):not([type='radio']), .appconfig-panel select {
  box-sizing: border-box; width: min(220px, 55%); padding: 3px 8px; border: 1px solid var(--panel-line); border-radius: 6px;
  background: var(--panel-sunken); color: var(--panel-text); font: inherit;
}
.appconfig-panel input[aria-invalid='true'] { border-color: #c2323f; }
.appconfig-panel input[role='switch'] { appearance: none; position: relative; flex: none; width: 36px; height: 20px; margin: 0; border-radius: 99px; background: var(--panel-muted); cursor: pointer; }
.appconfig-panel input[role='switch']::after { content: ''; position: absolute; top: 2px; left: 2px; width: 16px; height: 16px; border-radius: 50%; background: var(--panel-surface); }
.appconfig-panel input[role='switch']:checked { background: var(--panel-accent); }
.appconfig-panel input[role='switch']:checked::after { transform: translateX(16px); }
.appconfig-panel button { padding: 3px 10px; border: 1px solid var(--panel-line); border-radius: 6px; background: var(--panel-surface); color: var(--panel-text); font: inherit; cursor: pointer; }
.appconfig-panel .note { margin: 0 0 4px; color: var(--panel-muted); font-size: 12px; }
.appconfig-panel fieldset { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0; padding: 0; border: 0; }
.appconfig-panel legend { float: left; margin-right: 16px; color: var(--panel-muted); }
.appconfig-panel p { margin: 0; color: var(--panel-muted); }
.appconfig-panel :focus-visible { outline: 2px solid var(--panel-accent); outline-offset: 2px; }
`;

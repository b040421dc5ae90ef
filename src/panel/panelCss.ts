import css from './panel.css?inline';

/** The look of a panel in a shadow root or in another's page, which it fills. */
export const panelCss = `${css}
.appconfig-panel {
  display: flex; flex-direction: column; gap: 12px; box-sizing: border-box; min-height: 100%; padding: 12px;
  background: var(--surface);
}
.appconfig-panel fieldset { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 0; padding: 0; border: 0; }
.appconfig-panel legend { float: left; margin-right: 16px; color: var(--muted); }
.appconfig-panel input[type='radio'] { padding: 0; }`;

/** What the tools add to the look of a panel. */
export const devtoolsCss = `
.appconfig-panel h2 { margin: 0; font-size: 13px; font-weight: 600; }
.appconfig-panel section { display: flex; flex-direction: column; gap: 8px; }
.appconfig-panel button[aria-pressed='true'] { border-color: var(--accent); color: var(--accent); font-weight: 600; }
.appconfig-panel table { width: 100%; border-collapse: collapse; }
.appconfig-panel th, .appconfig-panel td { padding: 4px 12px 4px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
.appconfig-panel th { color: var(--muted); font-weight: 500; }
.appconfig-panel .table { overflow-x: auto; }
.appconfig-panel .log { margin: 0; padding: 0; list-style: none; overflow-wrap: anywhere; }
.appconfig-panel .log li { padding: 2px 0; }
.appconfig-panel time { color: var(--muted); font-variant-numeric: tabular-nums; }
.appconfig-panel .tree > .tree, .appconfig-panel .leaf { margin-left: 16px; overflow-wrap: anywhere; }
.appconfig-panel .note { color: var(--muted); font-size: 0.85em; }
.appconfig-panel .fields { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; }
.appconfig-panel .fields label { display: flex; align-self: stretch; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; }
.appconfig-panel .fields input { width: min(320px, 100%); }
.appconfig-panel input[type='range'] { flex: 1; width: auto !important; padding: 0 !important; }
`;

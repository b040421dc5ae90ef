/** What the tools add to the look of a panel. */
export const devtoolsCss = `
.appconfig-panel section { display: flex; flex-direction: column; gap: 8px; }
.appconfig-panel .log { margin: 0; padding: 0; list-style: none; overflow-wrap: anywhere; }
.appconfig-panel .log li { padding: 2px 0; }
.appconfig-panel time { color: var(--muted); font-variant-numeric: tabular-nums; }
.appconfig-panel .tree > .tree, .appconfig-panel .leaf { margin-left: 16px; overflow-wrap: anywhere; }
.appconfig-panel .fields { display: flex; flex-direction: column; align-items: flex-start; gap: 8px; }
.appconfig-panel .fields label { display: flex; align-self: stretch; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; }
.appconfig-panel .fields input { width: min(320px, 100%); }
.appconfig-panel input[type='range'] { flex: 1; padding: 0; }
`;

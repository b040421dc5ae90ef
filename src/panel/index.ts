export { Button } from './Button.tsx';
export { DataTable, type Column } from './DataTable.tsx';
export { FaultPanel } from './FaultPanel.tsx';
export { FlagList } from './FlagList.tsx';
export { toPanelFlag, toText } from './flagValues.ts';
export { panelCss } from './panelCss.ts';
export { RequestTable } from './RequestTable.tsx';
export { describeWait, timeOf } from './time.ts';
export { useNow } from './useNow.ts';

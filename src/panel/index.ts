export { Button } from './Button.tsx';
export { FlagList } from './FlagList.tsx';
export { toPanelFlag, toText } from './flagValues.ts';
export { panelCss } from './panelCss.ts';

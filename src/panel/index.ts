export { FlagList } from './FlagList.tsx';
export type { FlagValue } from './flagValues.ts';
export { panelCss } from './panelCss.ts';

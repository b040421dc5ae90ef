export { agentPath, readAgentPath } from './agentPath.ts';
export { isWritable, readContextHeader, writeContextHeader } from './contextHeader.ts';
export { readEntityIdHeader } from './entityIdHeader.ts';
export { fromHeaderText, toHeaderText } from './headerText.ts';

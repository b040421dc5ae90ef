export { experimentSource } from '../sources/agent/index.ts';
export { agentSource } from '../sources/agent/browser/index.ts';

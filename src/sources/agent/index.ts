export { agentSource, type AgentSourceOptions } from './agentSource.ts';
export { experimentSource } from './experimentSource.ts';

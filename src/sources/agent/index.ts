export { agentSource, type AgentSource, type AgentSourceOptions } from './agentSource.ts';
export { experimentSource } from './experimentSource.ts';

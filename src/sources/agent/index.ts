export { agentSource, type AgentSourceOptions } from './agentSource.ts';

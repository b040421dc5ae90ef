export type { ConfigurationSource } from '../session/index.ts';
export { agentSource, type AgentSourceOptions } from '../sources/agent/index.ts';

export type { ConfigurationSource } from '../session/index.ts';
export { agentSource, experimentSource, type AgentSourceOptions } from '../sources/agent/index.ts';

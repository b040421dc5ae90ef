export { agentSource } from './agentSource.ts';
export {
  createAgentSource,
  type AgentSource,
  type AgentSourceOptions,
} from './createAgentSource.ts';
export { experimentSource } from './experimentSource.ts';
export { pageTransport } from './pageTransport.ts';

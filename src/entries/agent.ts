export {
  agentSource,
  experimentSource,
  type AgentSource,
  type AgentSourceOptions,
} from '../sources/agent/index.ts';

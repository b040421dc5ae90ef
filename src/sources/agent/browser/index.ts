import {
  createAgentSource,
  pageTransport,
  type AgentSource,
  type AgentSourceOptions,
} from '../index.ts';

/** The same as in any other bundle, without what only servers need. */
export function agentSource(options: AgentSourceOptions = {}): AgentSource {
  return createAgentSource(options, pageTransport);
}

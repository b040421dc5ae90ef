import { isServer } from '../../session/index.ts';
import {
  createAgentSource,
  type AgentSource,
  type AgentSourceOptions,
} from './createAgentSource.ts';
import { pageTransport } from './pageTransport.ts';
import { serverTransport } from './serverTransport.ts';

/**
 * Configurations over the GET route of the AppConfig Agent: from the Agent itself, from the server handler
 * of this package, or from a CDN in front of it. Sends the provider's `context` and `entityId`, for which
 * multi-variant flags, roll-outs and experiments are evaluated, and asks with the last ETag, so that an
 * unchanged configuration is not sent again. What no header can carry is left out, and reported once.
 *
 * Make it once, outside of components: another source means another session.
 *
 * @example
 * const source = agentSource({ endpoint: '/flags' }); // where the server handler is
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-agent-how-to-use.html
 */
export function agentSource(options: AgentSourceOptions = {}): AgentSource {
  return createAgentSource(options, isServer() ? serverTransport : pageTransport);
}

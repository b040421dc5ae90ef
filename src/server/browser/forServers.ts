import { InvalidArgumentError } from '../../errors/index.ts';

/** What stands for `react-appconfig/server` in a page's bundle. @throws InvalidArgumentError always. */
export function createAppConfigServer(): never {
  throw isForServers('createAppConfigServer');
}

/** The same. @throws InvalidArgumentError always. */
export function createAppConfigHandler(): never {
  throw isForServers('createAppConfigHandler');
}

function isForServers(name: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `${name} of react-appconfig/server is for servers, and this is a page's bundle. In a page, read what the server's handler lets out with agentSource of react-appconfig/agent.`,
  );
}

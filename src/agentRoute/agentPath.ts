const ROUTE = /^\/applications\/([^/]+)\/environments\/([^/]+)\/configurations\/([^/]+)$/;

/** What the path of the Agent's route names, as `ConfigurationIdentifiers` do. */
interface AgentPathNames {
  readonly application: string;
  readonly environment: string;
  readonly profile: string;
}

/**
 * The path that the AppConfig Agent answers a configuration at.
 *
 * @see https://docs.aws.amazon.com/appconfig/latest/userguide/appconfig-agent-how-to-use.html
 */
export function agentPath({ application, environment, profile }: AgentPathNames): string {
  const [a, e, p] = [application, environment, profile].map(encodeURIComponent);
  return `/applications/${a}/environments/${e}/configurations/${p}`;
}

/** What such a path names; undefined for any other path. */
export function readAgentPath(pathname: string): AgentPathNames | undefined {
  const [, application = '', environment = '', profile = ''] = ROUTE.exec(pathname) ?? [];
  if (!profile) return undefined;
  try {
    return {
      application: decodeURIComponent(application),
      environment: decodeURIComponent(environment),
      profile: decodeURIComponent(profile),
    };
  } catch {
    // Not valid percent-encoding, so it cannot be a name.
    return undefined;
  }
}

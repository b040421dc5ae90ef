/** As much of Playwright's `BrowserContext` as is needed. */
export interface RoutedContext {
  route(
    matches: (url: URL) => boolean,
    answer: (route: RoutedRequest) => Promise<void>,
  ): Promise<unknown>;
}

/** As much of Playwright's `Route` as is needed. */
interface RoutedRequest {
  request(): {
    url(): string;
    method(): string;
    headers(): Record<string, string>;
    postData(): string | null;
  };
  fulfill(response: {
    status: number;
    headers: Record<string, string>;
    body: Buffer;
  }): Promise<void>;
}

/** AWS's data API, and the Agent's route behind whichever path a handler has. */
const PATHS = [
  /^\/configurationsessions$/,
  /^\/configuration$/,
  /\/applications\/[^/]+\/environments\/[^/]+\/configurations\/[^/]+$/,
];

/** What AWS AppConfig is asked by a request of a page; undefined for any other request. */
export function findAppConfigPath({ pathname, search }: URL): string | undefined {
  for (const path of PATHS) {
    const [found] = path.exec(pathname) ?? [];
    if (found !== undefined) return found + search;
  }
  return undefined;
}

/** Sends a request to the emulator's controls. */
export type ControlRequest = (path: string, init?: RequestInit) => Promise<Response>;

/** Makes requests that carry the token, where the emulator was started with one. */
export function createControlRequest(token: string): ControlRequest {
  return (path, init) => {
    const headers = new Headers(init?.headers);
    if (token) headers.set('Authorization', `Bearer ${token}`);
    return fetch(`/control/${path}`, { ...init, headers, cache: 'no-store' });
  };
}

/** What an emulator says of a request that it refused. */
export async function readRefusal(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const message: unknown = Reflect.get(Object(body), 'message');
  return typeof message === 'string' ? message : `The emulator answered ${response.status}.`;
}

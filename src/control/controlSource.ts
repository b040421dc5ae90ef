import type { ControlState } from '../emulator/control/index.ts';
import type { StandardSchema } from '../entries/index.ts';
import { RequestError } from '../entries/errors.ts';
import type { ConfigurationSource } from '../entries/sources.ts';
import { readRefusal, type ControlRequest } from './controlRequest.ts';

const NOTHING_YET = 'nothing yet';
const INTERVAL_IN_SECONDS = 1;

/**
 * The emulator's own state as a configuration: its ETag serves as the token, so that a poll that finds
 * nothing new renders nothing.
 */
export function createControlSource(
  request: ControlRequest,
): ConfigurationSource & { readonly refresh: () => void } {
  const operation = 'GetLatestConfiguration';
  const listeners = new Set<() => void>();
  return {
    name: 'control',
    refresh() {
      for (const listener of listeners) listener();
    },
    subscribe(_request, onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    async getLatestConfiguration({ token = NOTHING_YET }, signal) {
      const response = await request('state', { signal, headers: { 'If-None-Match': token } });
      if (response.status === 403) {
        throw new RequestError('AccessDenied', await readRefusal(response), { operation });
      }
      if (!response.ok && response.status !== 304) {
        throw new RequestError('ServiceFailure', await readRefusal(response), { operation });
      }
      return {
        configuration: new Uint8Array(await response.arrayBuffer()),
        nextToken: response.headers.get('ETag') ?? token,
        nextPollIntervalInSeconds: INTERVAL_IN_SECONDS,
        contentType: 'application/json',
      };
    },
  };
}

/** Page and emulator come from one package: it is enough to recognise the state. */
export const controlStateSchema: StandardSchema<ControlState> = {
  '~standard': {
    version: 1,
    vendor: 'react-appconfig',
    validate: (value) =>
      isControlState(value) ? { value } : { issues: [{ message: 'No state of an emulator.' }] },
  },
};

function isControlState(value: unknown): value is ControlState {
  return Array.isArray(Reflect.get(Object(value), 'configurations'));
}

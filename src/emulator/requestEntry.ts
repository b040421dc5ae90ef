import type { EmulatorRequest } from './emulatorTypes.ts';

/** A request while it is being answered. */
export type RequestEntry = { -readonly [Key in keyof EmulatorRequest]: EmulatorRequest[Key] };

/** What is known of a request before it is answered. */
export function createRequestEntry(id: number, at: number): RequestEntry {
  return {
    id,
    at,
    operation: undefined,
    configuration: undefined,
    token: undefined,
    nextToken: undefined,
    status: 0,
    error: undefined,
    message: undefined,
    contentBytes: 0,
    version: undefined,
    fault: undefined,
  };
}

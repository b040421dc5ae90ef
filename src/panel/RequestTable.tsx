/** @jsxRuntime classic */
import * as React from 'react';
import { DataTable } from './DataTable.tsx';
import { timeOf } from './time.ts';

/** A request that the service has seen. */
export interface PanelRequest {
  readonly id: number;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly operation: string | undefined;
  readonly configuration: string | undefined;
  readonly token: string | undefined;
  readonly nextToken: string | undefined;
  /** 0 if the connection was reset. */
  readonly status: number;
  readonly error: string | undefined;
  readonly contentBytes: number;
  readonly version: string | undefined;
  readonly fault: string | undefined;
}

const COLUMNS = [
  'Time',
  'Operation',
  'Configuration',
  'Token spent',
  'Token received',
  'Answer',
] as const;

/** Requests with the tokens that they spent and received, and what became of them; the newest first. */
export function RequestTable({
  requests,
}: {
  requests: readonly PanelRequest[];
}): React.ReactElement {
  return (
    <DataTable label="Requests, the newest first" columns={COLUMNS}>
      {requests.toReversed().map((request) => (
        <tr key={request.id} data-failed={isLost(request) || undefined}>
          <td>{timeOf(request.at)}</td>
          <td>{request.operation ?? '?'}</td>
          <td>{request.configuration ?? '–'}</td>
          <td>{request.token ?? '–'}</td>
          <td>{(!isLost(request) && request.nextToken) || '–'}</td>
          <td>{describeAnswer(request)}</td>
        </tr>
      ))}
    </DataTable>
  );
}

function isLost({ status }: PanelRequest): boolean {
  return status === 0 || status >= 400;
}

function describeAnswer(request: PanelRequest): string {
  const { status, fault } = request;
  const outcome = status === 0 ? 'connection reset' : `${status} ${describeContent(request)}`;
  return fault === undefined ? outcome : `${outcome} (fault: ${fault})`;
}

function describeContent({ operation, error, contentBytes, version }: PanelRequest): string {
  if (error !== undefined) return error;
  if (operation === 'StartConfigurationSession') return 'session started';
  return contentBytes === 0
    ? 'unchanged'
    : `version ${version}, ${contentBytes.toLocaleString('en')} bytes`;
}

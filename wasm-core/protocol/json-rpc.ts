import { CoreError, type RpcErrorObject } from './errors.ts';

/*
 * JSON-RPC 2.0 as Quern speaks it: one JSON object a line, UTF-8, lines end with LF, no batches.
 * See https://www.jsonrpc.org/specification and docs/protocol.md.
 */

export type RequestId = number | string;

export interface RpcRequest {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly method: string;
  readonly params?: unknown;
}

export interface RpcNotification {
  readonly jsonrpc: '2.0';
  readonly method: string;
  readonly params?: unknown;
}

export type RpcResponse =
  | { readonly jsonrpc: '2.0'; readonly id: RequestId; readonly result: unknown }
  | { readonly jsonrpc: '2.0'; readonly id: RequestId | null; readonly error: RpcErrorObject };

/** What a client may send. */
export type Incoming =
  | { readonly type: 'request'; readonly request: RpcRequest }
  | { readonly type: 'notification'; readonly notification: RpcNotification };

/**
 * Checks a decoded line that a client sent.
 *
 * @throws CoreError REQUEST_INVALID, with `id` in its details when the line carried a usable one
 */
export function parseIncoming(value: unknown): Incoming {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new CoreError('REQUEST_INVALID', 'A line must be one JSON object; batches are not accepted.');
  }
  const { jsonrpc, id, method, params } = value as Record<string, unknown>;
  const usableId = isRequestId(id) ? { id } : {};
  if (jsonrpc !== '2.0') {
    throw new CoreError('REQUEST_INVALID', 'The member "jsonrpc" must be "2.0".', usableId);
  }
  if (typeof method !== 'string') {
    throw new CoreError('REQUEST_INVALID', 'The member "method" must be a string.', usableId);
  }
  if (id === undefined) return { type: 'notification', notification: { jsonrpc, method, params } };
  if (!isRequestId(id)) {
    throw new CoreError('REQUEST_INVALID', 'The member "id" must be a string or a whole number.');
  }
  return { type: 'request', request: { jsonrpc, id, method, params } };
}

function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' || (typeof value === 'number' && Number.isSafeInteger(value));
}

import type { FromResultsPage, ToResultsPage } from '../wasm-core/protocol/webview.ts';
import { parseMessage } from './parse-message.ts';

declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

/** The way to the extension. */
export interface HostLink {
  send(message: FromResultsPage): void;
}

/**
 * Connects the page to the extension; once in a page's life, as the editor demands.
 *
 * @param onMessage takes each well-formed message; others are dropped
 */
export function connectHost(onMessage: (message: ToResultsPage) => void): HostLink {
  const api = acquireVsCodeApi();
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const message = parseMessage(event.data);
    if (message !== undefined) onMessage(message);
  });
  return { send: (message) => api.postMessage(message) };
}

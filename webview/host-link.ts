import * as l10n from '@vscode/l10n';
import { failedNotice } from './notices.ts';
import type { MemoryStore } from './page-memory.ts';

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** The way to the extension. */
export interface HostLink<From> {
  send(message: From): void;
  /** Outlives the page, while its panel is open. */
  readonly memory: MemoryStore;
}

/**
 * Connects the page to the extension; once in a page's life, as the editor demands.
 *
 * @param parse checks a message; undefined for what the extension does not send, which is dropped
 * @param onMessage takes each well-formed message; where it throws, the page says so in place of what it showed
 */
export function connectHost<From, To>(
  parse: (value: unknown) => To | undefined,
  onMessage: (message: To) => void,
): HostLink<From> {
  const api = acquireVsCodeApi();
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    try {
      const message = parse(event.data);
      if (message !== undefined) onMessage(message);
    } catch (error) {
      showFault(error instanceof Error ? error.message : String(error));
    }
  });
  return {
    send: (message) => api.postMessage(message),
    memory: { read: () => api.getState(), write: (state) => api.setState(state) },
  };
}

/** Else half of what was to be shown would stay, or nothing. The next thing to be shown takes its place. */
function showFault(message: string): void {
  const notice = failedNotice(message, undefined, l10n.t('The page cannot show what it was given'));
  document.querySelector('main')?.replaceChildren(notice.node);
}

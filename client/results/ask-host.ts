import type * as vscode from 'vscode';
import type { HostLink } from '../host/host-link.ts';
import type { Sessions } from '../host/sessions.ts';
import type { AskHost } from './result-questions.ts';

/** What asks the host. */
export interface HostParts {
  readonly link: HostLink;
  readonly sessions: Sessions;
}

/** Asks about rows that a document's statements gave, in the session that has them. */
export function askHost({ link, sessions }: HostParts, document: Pick<vscode.TextDocument, 'uri'>): AskHost {
  return async (method, params, options) => {
    const { session } = await sessions.open(document);
    // The parameters of a method are those without the session, and it.
    return await link.request(method, { ...params, session } as never, options);
  };
}

import type { ServerContext } from './context.ts';

/** The user's settings that the server reads when it needs them. */
export interface EditorSettings {
  /** Whether the types of what a statement selects are shown: `quern.inlayHints.resultTypes`. */
  readonly resultTypes: boolean;
  /** Whether the names of what numbers stand for are shown in WebAssembly text: `quern.inlayHints.indexNames`. */
  readonly indexNames: boolean;
  /** How formatting writes keywords: `quern.format.keywordCase`. */
  readonly keywordCase: 'preserve' | 'upper' | 'lower';
}

/** Asks the editor for its settings; what it does not tell, or tells wrongly, is as by default. */
export async function readEditorSettings(
  { connection, editor }: Pick<ServerContext, 'connection' | 'editor'>,
  uri: string,
): Promise<EditorSettings> {
  const answer: unknown = editor.tellsSettings
    ? await connection.workspace.getConfiguration({ scopeUri: uri, section: 'quern' }).catch(() => undefined)
    : undefined;
  const keywordCase = member(member(answer, 'format'), 'keywordCase');
  return {
    indexNames: member(member(answer, 'inlayHints'), 'indexNames') === true,
    resultTypes: member(member(answer, 'inlayHints'), 'resultTypes') === true,
    keywordCase: keywordCase === 'upper' || keywordCase === 'lower' ? keywordCase : 'preserve',
  };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

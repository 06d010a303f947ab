import { applyEdits, type Edit, modify, parse } from 'jsonc-parser/lib/esm/main.js';
import { type CodeAction, CodeActionKind, type Diagnostic, type TextEdit } from 'vscode-languageserver';
import { CAPABILITIES } from '../../wasm-core/protocol/plugins.ts';
import { LineMap } from '../compilers/text-positions.ts';
import { importNotGranted, type NotGranted } from './checks/import-not-granted.ts';

/** The `quern.json` that a fix changes. */
export interface GrantFile {
  readonly uri: string;
  /** Undefined when there is no such file. */
  readonly text: string | undefined;
}

/**
 * Fixes of `import-not-granted`: the folder's `quern.json` grants the capability.
 *
 * @param createsFiles whether the client does so when an edit asks for it
 */
export function grantFixes(
  diagnostics: readonly Diagnostic[],
  { file, createsFiles }: { readonly file: GrantFile; readonly createsFiles: boolean },
): CodeAction[] {
  return diagnostics.flatMap((diagnostic): CodeAction[] => {
    const wanted = diagnostic.code === importNotGranted.code ? readData(diagnostic.data) : undefined;
    const edit = wanted && grantEdit(wanted, { file, createsFiles });
    if (wanted === undefined || edit === undefined) return [];
    const title = `Grant ${wanted.capability} to ${wanted.module} in quern.json`;
    return [{ title, kind: CodeActionKind.QuickFix, diagnostics: [diagnostic], edit }];
  });
}

function grantEdit(
  wanted: NotGranted,
  { file, createsFiles }: { readonly file: GrantFile; readonly createsFiles: boolean },
): CodeAction['edit'] {
  const { uri, text } = file;
  if (text !== undefined) {
    const edits = grantChanges(text, wanted);
    return edits && { changes: { [uri]: textEdits(text, edits) } };
  }
  if (!createsFiles) return undefined;
  const start = { line: 0, character: 0 };
  const newText = `${applyEdits('{}', grantChanges('{}', wanted) ?? [])}\n`;
  const edits = [{ range: { start, end: start }, newText }];
  return {
    documentChanges: [
      { kind: 'create', uri, options: { ignoreIfExists: true } },
      { textDocument: { uri, version: null }, edits },
    ],
  };
}

/** What gives a text the grant, on lines of its own; undefined when it is not JSON, which is to be mended first. */
function grantChanges(text: string, { module, capability }: NotGranted): Edit[] | undefined {
  const errors: unknown[] = [];
  const file: unknown = parse(text, errors as never[]);
  if (errors.length > 0 || typeof file !== 'object' || file === null) return undefined;
  const grants =
    'capabilities' in file ? (file.capabilities as Readonly<Record<string, unknown>> | null) : {};
  const before = grants?.[module] ?? [];
  if (!Array.isArray(before)) return undefined;
  const options = { formattingOptions: { insertSpaces: true, tabSize: 2, eol: '\n' } };
  const value = [...before, capability];
  return modify(text, ['capabilities', module], value, options);
}

function textEdits(text: string, edits: readonly Edit[]): TextEdit[] {
  const map = new LineMap(text);
  return edits.map(({ offset, length, content }) => ({
    range: map.range(offset, offset + length),
    newText: content,
  }));
}

function readData(data: unknown): NotGranted | undefined {
  const { module, capability } = (
    typeof data === 'object' && data !== null ? data : {}
  ) as Partial<NotGranted>;
  const known = CAPABILITIES.find((name) => name === capability);
  return typeof module === 'string' && known !== undefined ? { module, capability: known } : undefined;
}

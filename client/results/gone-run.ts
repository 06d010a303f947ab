import type { ParameterValue } from '../../wasm-core/protocol/parameters.ts';
import { type Piece, piecesUpTo } from '../run/pieces.ts';

/** What has to be known to run a run of before once more. */
export interface GoneRun {
  /** What the page calls it. */
  readonly title: string;
  /** Of its document. */
  readonly uri: string;
  /** The texts of its statements, in the order of the document; at least one. */
  readonly statements: readonly string[];
  /** Absolute folder where its relative paths started, where the document does not tell. */
  readonly folder?: string;
  /** Absent: they were run for their rows. */
  readonly mode?: 'explain' | 'analyze';
  /** Values of its parameters, where the history has them; they do not outlive the window. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
}

/** Longer records are not kept, UTF-16 units of all their texts. */
const MOST = 100_000;

/** Reads a record that was kept, or made, without values of parameters. @returns undefined for what is none, or is too long */
export function parseGoneRun(value: unknown): GoneRun | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('title' in value && 'uri' in value && 'statements' in value)) return undefined;
  const { title, uri, statements } = value;
  if (typeof title !== 'string' || typeof uri !== 'string' || !Array.isArray(statements)) return undefined;
  if (uri === '' || statements.length === 0 || statements.length > MOST) return undefined;
  const texts = statements.filter((text): text is string => typeof text === 'string' && text.trim() !== '');
  if (texts.length < statements.length) return undefined;
  const length = texts.reduce((sum, text) => sum + text.length, title.length + uri.length);
  if (length > MOST) return undefined;
  const folder = 'folder' in value && typeof value.folder === 'string' ? { folder: value.folder } : {};
  const mode = 'mode' in value ? value.mode : undefined;
  return {
    title,
    uri,
    statements: texts,
    ...folder,
    ...((mode === 'explain' || mode === 'analyze') && { mode }),
  };
}

/**
 * Where the statements of a run are in a text of now: whole statements with the comments above them, else the same text.
 *
 * @returns undefined when one is missing, or they have another order
 */
export function placesOf({ statements }: GoneRun, text: string): readonly Piece[] | undefined {
  return wholeOnes(statements, text) ?? sameTexts(statements, text);
}

function wholeOnes(statements: readonly string[], text: string): Piece[] | undefined {
  const found: Piece[] = [];
  for (const piece of piecesUpTo(text)) {
    if (text.slice(piece.start, piece.end) === statements[found.length]) found.push(piece);
  }
  return found.length === statements.length ? found : undefined;
}

/** For parts of statements, and for SQL inside of other text. */
function sameTexts(statements: readonly string[], text: string): Piece[] | undefined {
  const found: Piece[] = [];
  for (const statement of statements) {
    const start = text.indexOf(statement, found.at(-1)?.end ?? 0);
    if (start < 0) return undefined;
    found.push({ from: start, start, end: start + statement.length });
  }
  return found;
}

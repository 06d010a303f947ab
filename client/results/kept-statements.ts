import type { HistoryResultResult } from '../../wasm-core/protocol/history.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { ParameterValue } from '../../wasm-core/protocol/parameters.ts';
import { type Piece, piecesUpTo } from '../run/pieces.ts';

/** What is kept of a run's statements; all lists have their indexes. */
export interface KeptStatements {
  /** The statements with the comments above them, which all positions refer to. */
  readonly text: string;
  readonly pieces: readonly Piece[];
  /** Without a file where there were no rows, or they are gone. */
  readonly statements: readonly StatementResult[];
  /** Whether a statement gave rows that are kept no longer. */
  readonly areGone: readonly boolean[];
  /** Those that are not secret, of all statements. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
}

/** One statement of them. */
interface KeptPart {
  readonly piece: Piece;
  readonly statement: Omit<StatementResult, 'start' | 'end'>;
  readonly isGone: boolean;
}

/** Two statements are told apart by it, also where a comment ends the first. */
const BETWEEN = '\n;\n';

const NO_COST = { functionMicros: 0, transferMicros: 0, functionRows: 0, functionFuel: 0 } as const;

/**
 * Puts together what the history keeps of a run.
 *
 * @param answers of the requests that the run was, in their order; undefined for one that is not recorded any longer
 * @param texts of the requests, where the history does not have them whole
 */
export function keptStatements(
  answers: readonly (HistoryResultResult | undefined)[],
  texts: readonly string[],
): KeptStatements {
  let text = '';
  const parts: KeptPart[] = [];
  for (const [index, answer] of answers.entries()) {
    if (text !== '') text += BETWEEN;
    const own = answer === undefined || answer.entry.cut ? (texts[index] ?? '') : answer.entry.sql;
    for (const part of partsOf(answer, own)) parts.push({ ...part, piece: moved(part.piece, text.length) });
    text += own;
  }
  return {
    text,
    pieces: parts.map(({ piece }) => piece),
    statements: parts.map(({ statement, piece: { start, end } }) => ({ ...statement, start, end })),
    areGone: parts.map(({ isGone }) => isGone),
    parameters: Object.assign({}, ...answers.map((answer) => answer?.entry.parameters)),
  };
}

/** The statements of one request. */
function partsOf(answer: HistoryResultResult | undefined, text: string): KeptPart[] {
  const pieces = piecesUpTo(text);
  const { outcome } = answer?.entry ?? {};
  if (answer === undefined || outcome?.type !== 'done') {
    return pieces.map((piece) => ({ piece, statement: withoutRows('', 0), isGone: true }));
  }
  const whole = { from: 0, start: 0, end: text.length };
  return outcome.statements.map(
    ({ kind, rowCount, columnCount = kind === 'SELECT' ? 1 : 0, micros }, index) => {
      const kept = answer.statements[index] ?? undefined;
      const isGone = kept === undefined && columnCount > 0;
      const statement = kept ?? withoutRows(kind, isGone ? 0 : rowCount, micros);
      return { piece: pieces[index] ?? whole, statement, isGone };
    },
  );
}

function withoutRows(kind: string, rowCount: number, micros = 0): KeptPart['statement'] {
  return { kind, columns: [], rowCount, truncated: false, cost: { micros, ...NO_COST } };
}

function moved({ from, start, end }: Piece, by: number): Piece {
  return { from: from + by, start: start + by, end: end + by };
}

import { tableFromIPC } from 'apache-arrow';
import { CoreError } from '../../../protocol/errors.ts';
import type { StatementResult } from '../../../protocol/methods.ts';
import type { QueryPlan } from '../../../protocol/plan.ts';
import type { EngineContext } from '../context.ts';
import { runConsistently } from '../node/run-consistently.ts';
import type { RowSink } from '../row-sink.ts';
import type { StatementRun } from '../run-statement.ts';
import { onlyAsks, statementKind } from '../statement-kind.ts';
import { explainedText } from './explained-text.ts';
import { readPlan } from './read-plan.ts';

type Ran = Omit<StatementResult, 'start' | 'end'>;

/**
 * Explains one statement. The plan comes with the statement's answer, so that neither the session's settings nor what its
 * user profiles are touched.
 *
 * @param options.analyze whether the statement runs
 * @returns the statement's result without rows and without its place in the text
 * @throws CoreError as `runConsistently`, with a range inside `run.sql`
 */
export async function runExplain(
  context: EngineContext,
  run: StatementRun,
  { analyze }: { readonly analyze: boolean },
): Promise<Ran> {
  const text = explainedText(run.sql, { analyze });
  let sink = new TextSink();
  // A statement that runs once more begins anew.
  const openSink = (): RowSink => {
    sink = new TextSink();
    return sink;
  };
  const isRepeatable = !analyze || onlyAsks(text.inner);
  try {
    const { file: _, ...result } = await runConsistently(
      context,
      { ...run, sql: text.sql, openSink },
      { isRepeatable },
    );
    const called = result.cost.functions ?? [];
    const plan = readPlan(sink.plan(), { isMeasured: analyze, called });
    return { ...result, kind: statementKind(text.inner), columns: [], rowCount: rowsOf(plan), plan };
  } catch (error) {
    throw movedBack(error, text.original);
  }
}

/** Rows that the statement gave, none of which is kept. */
function rowsOf({ nodes }: QueryPlan): number {
  return nodes[0]?.rows ?? 0;
}

/** Keeps the rows that EXPLAIN gives: the kind of plan, and its text. */
class TextSink implements RowSink {
  readonly truncated = false;
  readonly #messages: Uint8Array[] = [];
  #rowCount = 0;

  get rowCount(): number {
    return this.#rowCount;
  }

  schema(bytes: Uint8Array): void {
    this.#messages.push(bytes.slice());
  }

  batch(bytes: Uint8Array, rowCount: number): void {
    this.#messages.push(bytes.slice());
    this.#rowCount += rowCount;
  }

  finish(): undefined {
    return undefined;
  }

  discard(): void {
    this.#messages.length = 0;
  }

  /** The plan that is run; a session may have asked for those of before optimising besides. */
  plan(): string {
    const table = tableFromIPC(this.#messages);
    const rows = Array.from({ length: table.numRows }, (_, row) => ({
      key: String(table.getChildAt(0)?.get(row)),
      text: String(table.getChildAt(1)?.get(row)),
    }));
    const found = rows.find(({ key }) => key === 'physical_plan' || key === 'analyzed_plan');
    const [text = ''] = [found?.text, rows.at(-1)?.text].filter((one) => one !== undefined);
    return text;
  }
}

/** Moves an error's range into the statement that was given. */
function movedBack(error: unknown, original: (offset: number) => number): unknown {
  if (!(error instanceof CoreError)) return error;
  const { start, end } = error.details as { start?: number; end?: number };
  if (start === undefined || end === undefined) return error;
  const details = { ...error.details, start: original(start), end: original(end) };
  return new CoreError(error.kind, error.message, details);
}

import * as l10n from '@vscode/l10n';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import type { ResultChartResult } from '../../wasm-core/protocol/chart.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { ExportedResult } from '../../wasm-core/protocol/export.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import type { ResultRef, ResultRequests } from '../../wasm-core/protocol/result-query.ts';
import type {
  ChartData,
  ResultAnswers,
  ResultQuestion,
  SelectedRows,
} from '../../wasm-core/protocol/result-questions.ts';
import type { ToResultsPage } from '../../wasm-core/protocol/webview.ts';
import { deleteFile, openResultFiles } from '../node/result-files.ts';
import type { ResultAnswerer } from './result-answers.ts';
import { openResults, pageMessage, type ShownResults } from './result-views.ts';

/** Asks the host about rows of the session that gave them. */
export type AskHost = <M extends keyof ResultRequests>(
  method: M,
  params: Omit<ResultRequests[M]['params'], 'session'>,
  options: { readonly signal: AbortSignal },
) => Promise<ResultRequests[M]['result']>;

/**
 * Opens the rows of a result again.
 *
 * @returns undefined where they are not kept
 */
export type ReopenRows = (id: string) => Promise<StatementResult | undefined>;

/** A result that a page shows. */
export interface AskedResult {
  /** Of its view. */
  readonly id: string;
  readonly title: string;
  readonly statement: StatementResult;
}

/** Rows of a result that were selected for the page. */
export interface Selected extends AskedResult {
  /** The id of the result. */
  readonly of: string;
  /** The selection as SQL. */
  readonly sql: string;
}

/** Selected rows, and the files behind them. */
type OpenSelected = Selected & {
  readonly shown: ShownResults;
  /** What was answered. */
  readonly rows: SelectedRows;
  /** What selected them, as JSON. */
  readonly select: string;
};

/**
 * Answers what a page asks about the results of one run, and keeps the rows that were selected last of each: those of
 * before are deleted.
 */
export class ResultQuestions implements ResultAnswerer {
  readonly #ask: AskHost;
  readonly #results: readonly AskedResult[];
  readonly #reopen: ReopenRows;
  /** Statements whose rows were opened again, by the id of the result. */
  readonly #reopened = new Map<string, StatementResult>();
  /** By the id of the result. */
  readonly #selected = new Map<string, OpenSelected>();
  readonly #selecting = new Map<string, AbortController>();
  readonly #closing = new AbortController();
  #count = 0;

  /**
   * @param results that the page shows with rows
   * @param reopen where rows may be kept beyond their session; absent: they are not
   */
  constructor(
    ask: AskHost,
    results: readonly AskedResult[],
    reopen: ReopenRows = () => Promise.resolve(undefined),
  ) {
    this.#ask = ask;
    this.#results = results;
    this.#reopen = reopen;
  }

  async answer(question: ResultQuestion): Promise<ResultAnswers[keyof ResultAnswers]> {
    const asked = this.#find(question.id);
    try {
      return await this.#answer(question, asked);
    } catch (error) {
      if (!areGone(error)) throw error;
      const statement = await this.#reopen(asked.id).catch(() => undefined);
      if (statement === undefined) throw rowsGone();
      this.#reopened.set(asked.id, statement);
      return await this.#answer(question, { ...asked, statement });
    }
  }

  async #answer(question: ResultQuestion, asked: AskedResult): Promise<ResultAnswers[keyof ResultAnswers]> {
    const result = resultOf(asked.statement);
    const { signal } = this.#closing;
    const { kind, id, ...params } = question;
    switch (question.kind) {
      case 'rows':
        return await this.#select(question, asked);
      case 'summary':
        return await this.#ask('result/summary', { ...params, result }, { signal });
      case 'find': {
        const { text, from, matchCase, backwards, columns } = question;
        return await this.#ask(
          'result/find',
          {
            result,
            text,
            from,
            ...(matchCase !== undefined && { matchCase }),
            ...(backwards !== undefined && { backwards }),
            ...(columns !== undefined && { columns }),
          },
          { signal },
        );
      }
      case 'chart': {
        const { spec, filters } = question;
        const asked = { result, spec, ...(filters !== undefined && { filters }) };
        return await chartData(await this.#ask('result/chart', asked, { signal }));
      }
      default:
        return assertNever(question);
    }
  }

  /** What is selected of the result with this id; undefined when nothing is. */
  selectedOf(id: string): Selected | undefined {
    return this.#selected.get(id);
  }

  /** What answers a page's request for selected rows; undefined for rows that are none. */
  async page(id: string, page: number): Promise<ToResultsPage | undefined> {
    const open = this.#open(id);
    return open === undefined ? undefined : await pageMessage(open.shown, id, page);
  }

  /** Gives up what is asked, and deletes selected rows. Idempotent. */
  async dispose(): Promise<void> {
    this.#closing.abort();
    const all = [...this.#selected.values()];
    this.#selected.clear();
    await Promise.all(all.map(close));
  }

  async #select(
    { id, select, maxRows }: Extract<ResultQuestion, { kind: 'rows' }>,
    asked: AskedResult,
  ): Promise<SelectedRows> {
    // Whoever selects anew does not wait for what was asked before.
    this.#selecting.get(id)?.abort();
    const known = this.#selected.get(id);
    // A page that is loaded again asks for what it showed, and the engine may be busy, or gone.
    if (known?.select === JSON.stringify(select) && isWhole(known.rows)) return known.rows;
    const abort = new AbortController();
    this.#selecting.set(id, abort);
    const result = resultOf(asked.statement);
    const params = { result, select, ...(maxRows !== undefined && { maxRows }) };
    const signal = AbortSignal.any([abort.signal, this.#closing.signal]);
    const { statement, matchCount, sql } = await this.#ask('result/rows', params, { signal });
    const { title } = asked;
    const shown = await openResults({ statements: [statement], micros: 0 }, '', {
      runId: `${id}/${++this.#count}`,
      title,
    });
    const [view] = shown.views;
    const [schema] = shown.schemas;
    if (view === undefined || schema === undefined) throw new Error('the host selected no rows');
    const rows = { view, schema, matchCount, sql };
    const next = { id: view.id, title, of: id, statement, sql, shown, rows, select: JSON.stringify(select) };
    if (signal.aborted) {
      await close(next);
      throw new CoreError('CANCELLED', l10n.t('These rows are no longer wanted.'));
    }
    const before = this.#selected.get(id);
    this.#selected.set(id, next);
    if (before !== undefined) await close(before);
    return rows;
  }

  #open(id: string): OpenSelected | undefined {
    return [...this.#selected.values()].find((each) => each.id === id);
  }

  #find(id: string): AskedResult {
    const found = this.#results.find((each) => each.id === id) ?? this.#open(id);
    if (found === undefined) throw rowsGone();
    const statement = this.#reopened.get(id);
    return statement === undefined ? found : { ...found, statement };
  }
}

/** Whether they are all that were selected, not the first of them. */
function isWhole({ view, matchCount }: SelectedRows): boolean {
  return matchCount <= view.rowCount;
}

/** The rows of a chart are few: they go to the page at once, and their file goes. */
async function chartData({ statement, ...chart }: ResultChartResult): Promise<ChartData> {
  const { columns, rowCount, file } = statement;
  if (file === undefined) throw rowsGone();
  const files = await openResultFiles([file.path]);
  try {
    return { ...chart, columns, drawnCount: rowCount, bytes: await files.read(0, 0, file.byteLength) };
  } finally {
    await files.close();
    await deleteFile(file.path);
  }
}

async function close({ shown, statement }: OpenSelected): Promise<void> {
  await shown.files.close();
  if (statement.file !== undefined) await deleteFile(statement.file.path);
}

function resultOf({ file, columns, rowCount }: StatementResult): ResultRef['result'] & ExportedResult {
  if (file === undefined) throw rowsGone();
  return { path: file.path, columns, rowCount };
}

function rowsGone(): CoreError {
  return new CoreError('FILE_NOT_FOUND', l10n.t('These rows are gone; run the statement again.'));
}

/** The host forgets a session that lay idle, and the rows with it; a host that is lost takes all of them along. */
function areGone(error: unknown): boolean {
  const kinds = ['SESSION_UNKNOWN', 'FILE_NOT_FOUND', 'HOST_LOST'];
  return error instanceof CoreError && kinds.includes(error.kind);
}

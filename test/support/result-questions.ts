import type { HostConnection } from '../../wasm-core/connect/host-connection.ts';
import type { ExportedResult } from '../../wasm-core/protocol/export.ts';
import type { StatementResult } from '../../wasm-core/protocol/methods.ts';
import type {
  ResultFindParams,
  ResultFindResult,
  ResultRowsResult,
  ResultSummaryResult,
  RowFilter,
  RowSelection,
} from '../../wasm-core/protocol/result-query.ts';
import { HostHome } from './host-process.ts';
import { resultRows } from './result-rows.ts';

/** A host with one session, and questions about what was run in it. */
export class ResultQuestions {
  readonly home = new HostHome();
  connection!: HostConnection;
  session!: string;

  /** @param folder absolute; absent: the host's home */
  async open(folder = this.home.folder): Promise<void> {
    this.connection = await this.home.connect();
    ({ session: this.session } = await this.connection.request('sql/open', { folder }));
  }

  async statement(sql: string): Promise<StatementResult> {
    const { session } = this;
    const { statements } = await this.connection.request('sql/run', { session, sql });
    const statement = statements.at(-1);
    if (statement === undefined) throw new Error('nothing was run');
    return statement;
  }

  /** Runs a text. @returns the rows of its last statement */
  async run(sql: string): Promise<ExportedResult> {
    return exported(await this.statement(sql));
  }

  rows(result: ExportedResult, select: RowSelection, maxRows?: number): Promise<ResultRowsResult> {
    const { session } = this;
    const params = { session, result, select, ...(maxRows !== undefined && { maxRows }) };
    return this.connection.request('result/rows', params);
  }

  /** The selected rows as texts, NULL as null. */
  async texts(result: ExportedResult, select: RowSelection): Promise<(string | null)[][]> {
    return resultRows((await this.rows(result, select)).statement).map((row) => [...row]);
  }

  summary(
    result: ExportedResult,
    options: { readonly columns?: readonly number[]; readonly filters?: readonly RowFilter[] } = {},
  ): Promise<ResultSummaryResult> {
    return this.connection.request('result/summary', { session: this.session, result, ...options });
  }

  find(params: Omit<ResultFindParams, 'session'>): Promise<ResultFindResult> {
    return this.connection.request('result/find', { session: this.session, ...params });
  }
}

/** The rows of a statement, as methods take them. */
export function exported({ file, columns, rowCount }: StatementResult): ExportedResult {
  if (file === undefined) throw new Error('the statement gave no rows');
  return { path: file.path, columns, rowCount };
}

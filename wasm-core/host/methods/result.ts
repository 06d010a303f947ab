import { chartFault } from '../../protocol/chart.ts';
import { readChartSpec } from '../../protocol/chart-spec.ts';
import type { ExportedResult } from '../../protocol/export.ts';
import { KeptResults } from '../../sql/kept-results/node/kept-results.ts';
import type { ResultQuestion } from '../../sql/result/result-question.ts';
import type { Call, HostContext, Methods } from '../context.ts';
import {
  invalid,
  isAbsent,
  type Params,
  readOptionalBoolean,
  readOptionalInteger,
  readParams,
  readString,
} from '../params.ts';
import { reopenKept } from '../reopen-kept.ts';
import type { SessionEntry } from '../session-entry.ts';
import { readResult } from './export.ts';
import { readKeptRecord } from './kept-record.ts';
import { MAX_ROW, readColumn, readFilters, readSelection, readUniqueColumns } from './result-params.ts';

type ResultMethod =
  | 'result/rows'
  | 'result/summary'
  | 'result/find'
  | 'result/keep'
  | 'result/kept'
  | 'result/chart';

/** Questions about the rows of earlier runs. */
export function resultMethods({ sessions, kept, sealing }: HostContext): Methods<ResultMethod> {
  /** Reads what all of them have. */
  const read = (value: unknown, members: readonly string[], call: Call): Asked => {
    const params = readParams(value, ['session', 'result', ...members]);
    const session = sessions.get(readString(params, 'session'), call.client);
    return { params, session, result: readResult(params, session.resultsFolder) };
  };
  return {
    'result/rows': (value, call) => {
      const { params, session, result } = read(value, ['select', 'maxRows'], call);
      const maxRows = readOptionalInteger(params, 'maxRows', { min: 1, max: 100_000_000 });
      const select = readSelection(params.select, result.columns.length);
      const question = { type: 'rows', result, select, ...(maxRows !== undefined && { maxRows }) } as const;
      return session.askResult(question, call);
    },
    'result/summary': (value, call) => {
      const { params, session, result } = read(value, ['columns', 'filters'], call);
      const count = result.columns.length;
      const question = {
        type: 'summary',
        result,
        ...(!isAbsent(params.columns) && { columns: readUniqueColumns(params.columns, count) }),
        ...(!isAbsent(params.filters) && { filters: readFilters(params.filters, count) }),
      } as const;
      return session.askResult(question, call);
    },
    'result/find': (value, call) => {
      const { params, session, result } = read(value, FIND_MEMBERS, call);
      return session.askResult(readFind(params, result), call);
    },
    'result/keep': async (value, call) => {
      const { params, result } = read(value, ['schemaByteLength', 'pages', 'micros'], call);
      const record = await readKeptRecord(params, result);
      if (sealing.state.type === 'locked') return { kept: null };
      const isKept = await new KeptResults(kept()).put(record, result.path);
      return { kept: isKept ? record.key : null };
    },
    'result/kept': async (value, call) => {
      const params = readParams(value, ['session', 'kept']);
      const { resultsFolder } = sessions.get(readString(params, 'session'), call.client);
      const key = readString(params, 'kept');
      return { statement: await reopenKept(new KeptResults(kept()), { key, resultsFolder }) };
    },
    'result/chart': (value, call) => {
      const { params, session, result } = read(value, ['spec', 'filters'], call);
      const spec = readChartSpec(params.spec);
      const fault = typeof spec === 'string' ? spec : chartFault(spec, result.columns);
      if (typeof spec === 'string' || fault !== undefined) throw invalid(fault ?? '');
      const filters = isAbsent(params.filters)
        ? undefined
        : readFilters(params.filters, result.columns.length);
      return session.askResult({ type: 'chart', result, spec, ...(filters && { filters }) }, call);
    },
  };
}

interface Asked {
  readonly params: Params;
  readonly session: SessionEntry;
  readonly result: ExportedResult;
}

const FIND_MEMBERS = ['text', 'matchCase', 'from', 'backwards', 'columns'];

function readFind(params: Params, result: ExportedResult): Extract<ResultQuestion, { type: 'find' }> {
  const count = result.columns.length;
  const text = readString(params, 'text');
  if (text.length > 10_000) throw invalid('text must have at most 10000 characters.');
  if (isAbsent(params.from)) throw invalid('from is missing: say behind which cell the search begins.');
  const from = readParams(params.from, ['row', 'column']);
  const row = readOptionalInteger(from, 'row', { min: -1, max: MAX_ROW });
  if (row === undefined) throw invalid('from.row is missing.');
  const matchCase = readOptionalBoolean(params, 'matchCase');
  const backwards = readOptionalBoolean(params, 'backwards');
  return {
    type: 'find',
    result,
    text,
    from: { row, column: readColumn(from, count) },
    ...(matchCase !== undefined && { matchCase }),
    ...(backwards !== undefined && { backwards }),
    ...(!isAbsent(params.columns) && { columns: readUniqueColumns(params.columns, count) }),
  };
}

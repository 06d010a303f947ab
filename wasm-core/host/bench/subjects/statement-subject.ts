import { rm } from 'node:fs/promises';
import { leadingStart, readDirectives } from '../../../protocol/directives.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { isSecretParameter, SECRET_PARAMETERS } from '../../../protocol/history.ts';
import { isQuery } from '../../../protocol/query.ts';
import { splitStatements } from '../../../protocol/statements.ts';
import type { Call } from '../../context.ts';
import type { SessionEntry, SessionRun } from '../../session-entry.ts';
import type { Subject, SubjectRuns } from '../subject.ts';
import { tokenText, workDigest } from '../work-digest.ts';

/** What a query is measured with. */
export interface StatementOptions {
  readonly session: SessionEntry;
  readonly run: SessionRun;
  readonly call: Call;
  /** Runs it, and says of a plugin's failure what is known. */
  readonly explained: <T>(work: () => Promise<T>) => Promise<T>;
}

/**
 * A query as a user meets it: its rows are written, and then deleted.
 *
 * @throws CoreError PARAMS_INVALID for anything but one query
 */
export function statementSubject({ session, run, call, explained }: StatementOptions): Subject {
  const work = queryDigest(run);
  return {
    work,
    canRepeat: false,
    run: async (_, signal) => await explained(() => once(session, run, { ...call, signal })),
    modules: ({ cost }) => modulesOf(session, cost?.functions?.map(({ name }) => name) ?? []),
    measured: (costs) => session.figures.benchmarked(costs, Date.now()),
  };
}

/**
 * What is asked for: the query, its parameters but secrets, and its directives. A limit of the client's is not part of
 * it, which shows in the number of rows.
 */
function queryDigest({ sql, parameters = {} }: SessionRun): string {
  const ranges = splitStatements(sql);
  const [range, ...more] = ranges;
  if (range === undefined || more.length > 0 || !isQuery(sql.slice(range.start, range.end))) {
    const message =
      'A benchmark repeats one query, such as a SELECT; a statement that changes something is not repeated.';
    throw new CoreError('PARAMS_INVALID', message, range === undefined ? {} : { ...range, statement: 0 });
  }
  const { limit, database, problems } = readDirectives(sql, leadingStart(ranges, 0), range.start);
  const fault = problems.find(({ type }) => type === 'bench');
  if (fault !== undefined) {
    const { message, start, end } = fault;
    throw new CoreError('PARAMS_INVALID', message, { start, end, statement: 0 });
  }
  const values = Object.entries(parameters).filter(([name]) => !isSecretParameter(name, SECRET_PARAMETERS));
  const text = tokenText(sql.slice(range.start, range.end));
  return workDigest('statement', text, values.sort(byName), limit, database?.path);
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

async function once(session: SessionEntry, run: SessionRun, call: Call): Promise<SubjectRuns> {
  const [statement] = (await session.run(run, call)).statements;
  if (statement === undefined) throw new Error('a statement ran and gave no result');
  const { file, cost, rowCount, truncated } = statement;
  if (file !== undefined) await rm(file.path, { force: true });
  const { functionFuel: fuel, functions = [] } = cost;
  return {
    micros: cost.micros,
    rowCount,
    truncated,
    cost,
    ...(functions.length > 0 && { fuel: { least: fuel, most: fuel } }),
  };
}

/** Functions of one name may be of several modules. */
async function modulesOf(
  session: SessionEntry,
  called: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  if (called.length === 0) return {};
  const plugins = await session.plugins();
  const digests = [...new Set(called)].sort().map((name) => {
    const offering = plugins.filter(({ functions }) => functions.some((fn) => fn.name === name));
    return [name, offering.map(({ compiled }) => compiled.digest).join(' ')] as const;
  });
  return Object.fromEntries(digests);
}

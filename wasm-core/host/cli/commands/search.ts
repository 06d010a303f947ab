import type { Command } from 'commander';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { JsonPlace } from '../../../protocol/json-place.ts';
import type { Search, SearchParams, SearchResult } from '../../../protocol/search.ts';
import { SEARCH_MEMBERS } from '../../../sql/search/read-search.ts';
import type { Cli } from '../cli.ts';
import { fileOutput, standardOutput } from '../output.ts';
import { UsageError } from '../report-error.ts';
import { exportResult } from '../run/export-rows.ts';
import { openRunSession } from '../run/open-session.ts';
import { parseParameters } from '../run/parameters.ts';
import { printResults } from '../run/print-results.ts';
import { ProgressLine } from '../run/progress-line.ts';
import { rowTarget } from '../run/row-target.ts';
import type { RunOptions } from '../run/run-options.ts';
import { paramsOf } from '../run/run-source.ts';
import { readSqlSource } from '../run/sql-source.ts';
import { summaryText } from '../run/summary.ts';
import { addRunOptions } from './run.ts';

interface SearchOptions extends RunOptions {
  readonly from?: string;
}

/** `quern search FILE.search.json | -e JSON | -`. */
export function addSearch(program: Command, cli: Cli): void {
  const command = program
    .command('search')
    .description('find rows by a tree of conditions in SQL, plugins, Python and JavaScript')
    .argument('[file]', 'a file with a search as JSON, or - for stdin')
    .option('-e, --execute <json>', 'a search, or its query alone, instead of a file')
    .option('--from <sql>', "what is searched, such as \"'data/movies.json'\", instead of the file's from");
  addRunOptions(command)
    .addHelpText('after', NOTES)
    .action((file: string | undefined, options: SearchOptions) => search(cli, file, options));
}

const NOTES = `
The file has from, query, and perhaps columns, orderBy, limit, documentId and score; docs/search.md describes them.
Relative paths start at its folder. With -v the SQL that the search becomes goes to stderr.`;

async function search(cli: Cli, file: string | undefined, options: SearchOptions): Promise<void> {
  const { format, place } = rowTarget(cli, options);
  const parameters = parseParameters(options.param ?? []);
  if (file === undefined && options.execute === undefined) {
    throw new UsageError('name a .search.json file, give a search with -e JSON, or - for stdin');
  }
  const source = await readSqlSource(file, options.execute);
  const wanted = readWanted(source.text, source.name);
  cli.signal.throwIfAborted();
  const connection = await cli.connect();
  const session = await openRunSession(cli, connection, { source, options });
  const output =
    options.out === undefined || place !== undefined ? standardOutput() : fileOutput(options.out);
  const params = {
    ...wanted,
    ...(options.from !== undefined && { from: options.from }),
    ...paramsOf({ session, parameters, options }, 0),
  } as SearchParams;
  try {
    const result = await request({ cli, connection, params });
    cli.explain(result.sql);
    if (place === undefined) await printResults(result, format, output);
    else await exportResult({ cli, connection, session }, result, place);
    await output.commit();
    cli.say(summaryText(result) + (options.out === undefined ? '' : `; written to ${options.out}`));
  } catch (error) {
    output.abandon();
    throw error;
  }
}

async function request(options: {
  readonly cli: Cli;
  readonly connection: HostConnection;
  readonly params: SearchParams;
}): Promise<SearchResult> {
  const { cli, connection, params } = options;
  const progress = new ProgressLine();
  try {
    const onProgress = (percent: number, message?: string): void => progress.show(percent, message);
    return await connection.request('search/run', params, { signal: cli.signal, onProgress });
  } finally {
    progress.clear();
  }
}

/** The members of a search. The host reads them strictly; here a query alone becomes a search. */
function readWanted(text: string, name: string): Partial<Search> {
  const place = new JsonPlace({ kind: 'PARAMS_INVALID', source: name });
  const members = place.object(place.parse(text));
  const isSearch = Object.keys(members).some((key) => key === 'query' || key === 'from');
  if (!isSearch) return { query: members as Search['query'] };
  place.object(members, ['$schema', ...SEARCH_MEMBERS]);
  const { $schema: _, ...search } = members;
  return search;
}

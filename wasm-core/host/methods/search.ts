import { CoreError } from '../../protocol/errors.ts';
import type { RunResult } from '../../protocol/methods.ts';
import type { SearchResult } from '../../protocol/search.ts';
import { type CompiledSearch, compileSearch } from '../../sql/search/compile-search.ts';
import { SEARCH_MEMBERS } from '../../sql/search/read-search.ts';
import type { HostContext, Methods } from '../context.ts';
import { readParams, readString } from '../params.ts';
import { readRunSetting } from './sql.ts';

const RUN_MEMBERS = ['session', 'folder', 'parameters', 'limits', 'maxRows', 'parquetPath'];

/** Every method of searches. */
export function searchMethods({ sessions, workspaceFiles }: HostContext): Methods<'search/run'> {
  return {
    'search/run': async (value, call) => {
      const params = readParams(value, [...RUN_MEMBERS, ...SEARCH_MEMBERS]);
      const session = sessions.get(readString(params, 'session'), call.client);
      const setting = readRunSetting(params, workspaceFiles.defaultsFor(session.folder));
      const search = compileSearch(params);
      const { sql, scripts } = search;
      const run = session.run({ ...setting, sql, scripts }, call);
      return { sql, ...(await locate(run, search)) } satisfies SearchResult;
    },
  };
}

/** Tells of a run that fails which part of the search it fails in. */
async function locate(run: Promise<RunResult>, search: CompiledSearch): Promise<RunResult> {
  try {
    return await run;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    const { start, path: known } = error.details as { readonly start?: number; readonly path?: unknown };
    // A script's error knows its place; an error of a file has the file's path, and keeps it.
    const place = start === undefined ? undefined : search.pathAt(start);
    const message = place === undefined ? error.message : `In the search, ${place}: ${error.message}`;
    throw new CoreError(error.kind, message, {
      ...error.details,
      ...(place !== undefined && known === undefined && { path: place }),
      sql: search.sql,
    });
  }
}

import path from 'node:path';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { CoreError } from '../../../protocol/errors.ts';
import { IN_MEMORY, type OpenParams } from '../../../protocol/sql-sessions.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../report-error.ts';
import { checkLocked } from './check-locked.ts';
import { isFolder } from './plugin-files.ts';
import { remoteParams } from './remote-options.ts';
import type { RunOptions } from './run-options.ts';
import type { SqlSource } from './sql-source.ts';
import { loadWorkspacePlugins } from './workspace-plugins.ts';

/**
 * Loads the plugins, and opens a session that has them and what `quern load` loaded.
 *
 * `loadWorkspacePlugins` says which plugins these are.
 *
 * @returns the session's id
 * @throws ReportedFailure when a plugin does not compile; CoreError FILE_NOT_FOUND, LOCK_MISMATCH, and those of the host
 */
export async function openRunSession(
  cli: Cli,
  connection: HostConnection,
  run: { readonly source: SqlSource; readonly options: RunOptions },
): Promise<string> {
  const { source, options } = run;
  const allow = allowedFolders(options);
  const { plugins } = options;
  const folders = await loadWorkspacePlugins(cli, connection, { folder: source.folder, plugins });
  if (options.locked) await checkLocked(connection, { folder: source.folder, namespaces: folders });
  const [namespace, ...includes] = [...folders, 'default'];
  const { session } = await connection.request('sql/open', {
    folder: source.folder,
    allow,
    includes,
    remote: remoteParams(options.allowUrl ?? [], process.env),
    ...(namespace !== undefined && { namespace }),
    ...databaseOf(options),
  });
  return session;
}

function databaseOf({ db, dbReadonly }: RunOptions): Pick<OpenParams, 'database' | 'readOnly'> {
  if (db === undefined) {
    if (dbReadonly) throw new UsageError('--db-readonly goes with --db FILE');
    return {};
  }
  const database = db === IN_MEMORY ? db : path.resolve(db);
  return { database, ...(dbReadonly && { readOnly: true }) };
}

function allowedFolders({ allow, db }: RunOptions): string[] {
  const folders = [process.cwd(), ...(allow ?? []).map((folder) => path.resolve(folder))];
  const missing = folders.find((folder) => !isFolder(folder));
  if (missing !== undefined) {
    throw new CoreError('FILE_NOT_FOUND', `There is no folder ${missing} to --allow.`, { path: missing });
  }
  // The host opens the database itself, and the user has named it.
  return db === undefined || db === IN_MEMORY ? folders : [...folders, path.dirname(path.resolve(db))];
}

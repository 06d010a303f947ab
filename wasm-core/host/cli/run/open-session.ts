import path from 'node:path';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { CoreError } from '../../../protocol/errors.ts';
import type { Cli } from '../cli.ts';
import { loadPlugins } from './load-plugins.ts';
import { isFolder } from './plugin-files.ts';
import type { RunOptions } from './run-options.ts';
import type { SqlSource } from './sql-source.ts';

/**
 * Loads the plugins, and opens a session that has them and what `quern load` loaded.
 *
 * Each plugin folder is a namespace of its own, so that a run neither sees another run's plugins nor changes an editor's.
 *
 * @returns the session's id
 * @throws ReportedFailure when a plugin does not compile; CoreError FILE_NOT_FOUND, and those of the host
 */
export async function openRunSession(
  cli: Cli,
  connection: HostConnection,
  run: { readonly source: SqlSource; readonly format: string; readonly options: RunOptions },
): Promise<string> {
  const { source, options } = run;
  const allow = allowedFolders(run);
  const own = path.join(source.folder, 'plugins');
  const folders = options.plugins?.map((folder) => path.resolve(folder)) ?? (isFolder(own) ? [own] : []);
  for (const folder of folders) await loadPlugins(cli, connection, folder);
  const [namespace, ...includes] = [...folders, 'default'];
  const { session } = await connection.request('sql/open', {
    folder: source.folder,
    allow,
    includes,
    ...(namespace !== undefined && { namespace }),
  });
  return session;
}

function allowedFolders(run: { readonly format: string; readonly options: RunOptions }): string[] {
  const { allow, out } = run.options;
  const folders = [process.cwd(), ...(allow ?? []).map((folder) => path.resolve(folder))];
  const missing = folders.find((folder) => !isFolder(folder));
  if (missing !== undefined) {
    throw new CoreError('FILE_NOT_FOUND', `There is no folder ${missing} to --allow.`, { path: missing });
  }
  // The host writes this file itself, and the user has named it.
  return run.format === 'parquet' && out !== undefined
    ? [...folders, path.dirname(path.resolve(out))]
    : folders;
}

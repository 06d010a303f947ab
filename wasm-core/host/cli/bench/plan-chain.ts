import path from 'node:path';
import type { HostConnection } from '../../../connect/host-connection.ts';
import { parseChainFile } from '../../../protocol/chain-file.ts';
import type { BytesValue } from '../../../protocol/methods.ts';
import type { Cli } from '../cli.ts';
import { readInputFile } from '../input.ts';
import { limitsOf } from '../options.ts';
import { loadWorkspacePlugins } from '../run/workspace-plugins.ts';
import { matches } from './plan-sql.ts';
import type { BenchBatch, BenchOptions } from './planned.ts';
import { workspaceFolderOf } from './workspace-folder.ts';

/**
 * The benchmark of a chain file.
 *
 * @param file absolute
 * @throws CoreError FILE_*, FORMAT_CHAIN; ReportedFailure when plugins do not compile
 */
export async function planChain(
  cli: Cli,
  connection: HostConnection,
  {
    file,
    options,
    input,
  }: {
    readonly file: string;
    readonly options: BenchOptions;
    readonly input: BytesValue;
  },
): Promise<BenchBatch> {
  const shown = path.relative(process.cwd(), file);
  const chain = parseChainFile(readInputFile(file, 'chain file').toString('utf8'), { source: shown });
  const name = chain.name ?? path.basename(file, '.chain.json');
  if (!matches(file, name, options)) return [];
  const folder = workspaceFolderOf(file);
  const { plugins, allow = [] } = options;
  const [namespace = 'default', ...includes] = await loadWorkspacePlugins(cli, connection, {
    folder,
    plugins,
  });
  const limits = { ...chain.limits, ...limitsOf(options).limits };
  return [
    {
      file,
      name,
      target: {
        type: 'chain',
        steps: chain.steps,
        input,
        folder,
        sqlFolder: path.dirname(file),
        allow: [process.cwd(), ...allow.map((each) => path.resolve(each))],
        namespace,
        includes: [...includes, 'default'],
        ...(Object.keys(limits).length > 0 && { limits }),
      },
    },
  ];
}

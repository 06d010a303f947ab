import { DEFAULT_LIMITS, type Limits, type ResolvedLimits, resolveLimits } from '../../protocol/limits.ts';
import type { HostContext } from '../context.ts';
import { isAbsent, type Params, readOptionalAbsolutePath } from '../params.ts';
import { readNamespace } from './module-ref.ts';

/** The folder whose `quern.json` applies to a request: its `folder`, else its namespace. @throws CoreError PARAMS_INVALID */
export function readSettingsFolder(params: Params): string {
  return readOptionalAbsolutePath(params, 'folder') ?? readNamespace(params);
}

/**
 * A run's limits: what the request says, over what the chain says that it names, over what the folder's `quern.json`
 * says, over the defaults.
 *
 * @param own the chain's
 * @throws CoreError PARAMS_INVALID, FORMAT_WORKSPACE, FILE_IO
 */
export function readLimits(
  context: Pick<HostContext, 'workspaceFiles'>,
  params: Params,
  own?: Limits,
): ResolvedLimits {
  const given = { ...context.workspaceFiles.defaultsFor(readSettingsFolder(params)), ...own };
  // Most requests ask for nothing of their own.
  if (isAbsent(params.limits) && Object.keys(given).length === 0) return DEFAULT_LIMITS;
  return resolveLimits(params.limits ?? undefined, { ...DEFAULT_LIMITS, ...given });
}

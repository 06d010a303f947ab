import { DEFAULT_LIMITS } from '../../wasm-core/protocol/limits.ts';
import type { WorkspaceSettings } from '../../wasm-core/protocol/workspace-file.ts';
import { moduleName } from '../compilers/module-name.ts';
import type { PluginWorkspace } from './checks/check.ts';

/** What a folder's `quern.json` says of the plugin of a file. */
export function pluginWorkspace({ capabilities, limits }: WorkspaceSettings, file: string): PluginWorkspace {
  const module = moduleName(file);
  return {
    module,
    granted: [...(capabilities.get('*') ?? []), ...(capabilities.get(module) ?? [])],
    memoryMb: limits.memoryMb ?? DEFAULT_LIMITS.memoryMb,
  };
}

import type { ModuleRecord } from '../../runtime/registry.ts';
import type { HostContext } from '../context.ts';
import { type Params, readOptionalString, readString } from '../params.ts';

/** The namespace of the command line, and of requests that name none. */
export const DEFAULT_NAMESPACE = 'default';

/** The namespace that a request names. @throws CoreError PARAMS_INVALID */
export function readNamespace(params: Params): string {
  return readOptionalString(params, 'namespace') ?? DEFAULT_NAMESPACE;
}

/** The module that a request names. @throws CoreError PARAMS_INVALID, MODULE_UNKNOWN */
export function readModule(context: HostContext, params: Params): ModuleRecord {
  return context.registry.get({ module: readString(params, 'module'), namespace: readNamespace(params) });
}

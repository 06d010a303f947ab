import path from 'node:path';
import { DEFAULT_LIMITS } from '../../protocol/limits.ts';
import type { ModuleInfo, ModuleRef } from '../../protocol/methods.ts';
import { parseCapabilities, withWorkspaceGrants } from '../../runtime/grants.ts';
import type { ModuleRecord } from '../../runtime/registry.ts';
import type { HostContext, Methods } from '../context.ts';
import { readModuleFile } from '../module-file.ts';
import {
  invalid,
  isAbsent,
  type Params,
  readAbsolutePath,
  readOptionalAbsolutePath,
  readOptionalString,
  readParams,
  readString,
  readStrings,
} from '../params.ts';
import { readModule, readNamespace } from './module-ref.ts';

type ModuleMethod = 'module/load' | 'module/list' | 'module/get' | 'module/functions' | 'module/unload';

/** `module/load`, `list`, `get`, `functions`, `unload`. */
export function moduleMethods(context: HostContext): Methods<ModuleMethod> {
  const { registry } = context;
  const infoOf = ({ info }: ModuleRecord): ModuleInfo => withWorkspaceGrants(info, context.workspaceFiles);
  return {
    'module/load': async (value) => {
      const record = await load(context, value);
      const compiled = registry.ready(record);
      if (compiled) context.executor.prewarm(compiled, DEFAULT_LIMITS.memoryMb);
      return infoOf(record);
    },
    'module/list': (value) => {
      const params = readParams(value, ['namespace']);
      const namespace = readOptionalString(params, 'namespace');
      return { modules: registry.list(namespace).map(infoOf) };
    },
    'module/get': (value) => infoOf(readModule(context, readParams(value, REF))),
    'module/functions': (value) => {
      const record = readModule(context, readParams(value, REF));
      const { functions, capabilities } = infoOf(record);
      return { functions, capabilities, exports: record.exports };
    },
    'module/unload': async (value) => {
      const record = await registry.unload(readRef(readParams(value, REF)));
      // The label's state goes with it, and is gone when the client is told so.
      await context.states.settled();
      return infoOf(record);
    },
  };
}

const LOAD = ['path', 'bytes', 'name', 'namespace', 'manifest', 'source', 'grant'];
const REF = ['module', 'namespace'];

async function load({ registry }: HostContext, value: unknown): Promise<ModuleRecord> {
  const params = readParams(value, LOAD);
  const { bytes, name } = await readLoaded(params);
  const manifest = readOptionalString(params, 'manifest');
  const source = readOptionalAbsolutePath(params, 'source');
  const grants = isAbsent(params.grant) ? undefined : parseCapabilities(readStrings(params, 'grant'));
  return registry.load({
    bytes,
    name,
    namespace: readNamespace(params),
    ...(manifest !== undefined && { manifest }),
    ...(source !== undefined && { source }),
    ...(grants !== undefined && { grants }),
  });
}

function readRef(params: Params): ModuleRef {
  return { module: readString(params, 'module'), namespace: readNamespace(params) };
}

async function readLoaded(params: Params): Promise<{ bytes: Uint8Array; name: string }> {
  if (isAbsent(params.path) === isAbsent(params.bytes)) {
    throw invalid('Give exactly one of path (an absolute path) and bytes ({"base64": "…"}).');
  }
  const given = readOptionalString(params, 'name');
  if (isAbsent(params.path)) {
    if (given === undefined) throw invalid('A module given as bytes needs a name.');
    return { bytes: decodeBase64(params.bytes), name: given };
  }
  const file = readAbsolutePath(params, 'path');
  const bytes = await readModuleFile(file);
  return { bytes, name: given ?? path.basename(file, path.extname(file)) };
}

function decodeBase64(value: unknown): Uint8Array {
  const base64 = typeof value === 'object' && value !== null && 'base64' in value ? value.base64 : undefined;
  if (typeof base64 !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) {
    throw invalid('bytes must be {"base64": "…"}, base64 with padding and nothing else.');
  }
  return Buffer.from(base64, 'base64');
}

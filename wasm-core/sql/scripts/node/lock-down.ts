import fs from 'node:fs';
import { builtinModules, createRequire, syncBuiltinESMExports } from 'node:module';

/*
 * What is taken from a process before foreign code runs in it. Node's permission model holds files, processes and
 * threads; it does not know the network, signals, or the process object, so their functions are taken away. It is
 * assumed that a script reaches every JavaScript object of the realm.
 */

/** Modules that only compute. All others are emptied. */
const HARMLESS = new Set(['buffer', 'events', 'path', 'querystring', 'string_decoder', 'url', 'util']);

const PAGES_PER_MIB = 16;

/**
 * Caps every memory that is made from now on.
 *
 * @param memoryMb whole MiB
 */
export function limitMemory(memoryMb: number): void {
  const Memory = WebAssembly.Memory;
  const most = memoryMb * PAGES_PER_MIB;
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor: ConstructorParameters<typeof Memory>[0]) {
      super({ ...descriptor, maximum: Math.min(descriptor.maximum ?? most, most) });
    }
  };
  // Pyodide asks it for the constants of files; the permission model has taken it away.
  Object.defineProperty(process, 'binding', { configurable: true, value: () => ({ fs: fs.constants }) });
}

/** Takes away what reaches out of the process. What was kept of the functions before goes on to work. */
export function lockDown(): void {
  const load = createRequire(__filename);
  // It is a member of one of the modules.
  const showToImports = syncBuiltinESMExports;
  // All are loaded before one is emptied, since they build on each other.
  const modules = builtinModules.filter((name) => !HARMLESS.has(name)).map((name): unknown => load(name));
  for (const module of modules) empty(module);
  showToImports();
  empty(load.cache);
  empty(process);
  Object.setPrototypeOf(process, null);
  // Node tells it of warnings, such as those of loading what is deprecated.
  Object.defineProperty(process, 'emit', { value: () => false });
  for (const name of ['process', 'fetch', 'WebSocket', 'EventSource', 'BroadcastChannel', 'navigator']) {
    Reflect.deleteProperty(globalThis, name);
  }
  Reflect.deleteProperty(globalThis, 'MessageChannel');
}

/** Empties an object, and the prototypes of its classes, of functions and accessors. */
function empty(target: unknown): void {
  if ((typeof target !== 'object' && typeof target !== 'function') || target === null) return;
  for (const key of Reflect.ownKeys(target)) {
    const property = Reflect.getOwnPropertyDescriptor(target, key);
    if (property === undefined) continue;
    const { value } = property;
    if (typeof value === 'function' && isOurs(value)) emptyPrototype(value.prototype);
    if (typeof value === 'function' || property.get !== undefined) remove(target, key);
    else if (typeof value === 'object' && value !== null) remove(target, key);
  }
}

/** Classes of the language itself stay whole. */
function isOurs(value: { readonly prototype?: unknown; readonly name: string }): boolean {
  return typeof value.prototype === 'object' && !Object.hasOwn(globalThis, value.name);
}

function emptyPrototype(prototype: unknown): void {
  if (typeof prototype !== 'object' || prototype === null) return;
  for (const key of Reflect.ownKeys(prototype)) remove(prototype, key);
}

function remove(target: object, key: string | symbol): void {
  if (Reflect.deleteProperty(target, key)) return;
  // Not by assignment, which would run a setter.
  Reflect.defineProperty(target, key, { value: undefined });
}

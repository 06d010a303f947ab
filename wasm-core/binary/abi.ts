import type { ErrorKind } from '../protocol/errors.ts';
import type {
  ModuleExport,
  PluginFunction,
  PluginManifest,
  PluginType,
  ValueType,
} from '../protocol/plugins.ts';
import { AVAILABLE_IMPORTS } from './available-imports.ts';
import { coreSignature, type ExportRole, exportRoles, rowForm } from './function-exports.ts';
import { WASI_MODULE } from './wasi-imports.ts';
import type { FunctionType, WasmModule } from './wasm-module.ts';

/**
 * How a module takes bytes and gives bytes: by its `process` export, whose result has one of three forms (see
 * docs/plugin-abi.md), or as a program, by `_start` with standard input and output (see docs/wasi.md).
 */
export type ProcessForm = 'prefixed' | 'packed' | 'output_len' | 'program';

/** The rules of the ABI, by the names of their pages in docs/diagnostics. */
export const ABI_CHECKS = [
  'abi-version',
  'export-missing',
  'export-type',
  'import-type',
  'import-unknown',
  'memory-not-exported',
] as const;

/** Something that keeps a module from being used; the registry throws the first, the editor shows all. */
export interface AbiProblem {
  readonly code: ErrorKind;
  /** The rule that is broken. */
  readonly check: (typeof ABI_CHECKS)[number];
  /** What is wrong and what to do. */
  readonly message: string;
  /** The SQL function or the export that it is about. */
  readonly function?: string;
  /** The import that it is about, such as `env.print`. */
  readonly import?: string;
}

/** Whether a module is a program: it exports `_start() -> ()`, which runs it once from begin to end. */
export function isCommand(module: Pick<WasmModule, 'exports'>): boolean {
  return hasEntry(module, '_start');
}

/** Whether a module is a reactor: it exports `_initialize() -> ()`, to be called once before anything else. */
export function isReactor(module: Pick<WasmModule, 'exports'>): boolean {
  return hasEntry(module, '_initialize');
}

/**
 * How a module is run on bytes; undefined when it cannot be.
 *
 * @returns the form of its `process` export when that is of a usable type, else `program` when it is one
 */
export function processForm(module: Pick<WasmModule, 'exports'>): ProcessForm | undefined {
  return exportForm(module) ?? (isCommand(module) ? 'program' : undefined);
}

function exportForm(module: Pick<WasmModule, 'exports'>): ProcessForm | undefined {
  const process = functionExport(module, 'process');
  if (process === undefined || typeText(process.parameters) !== '(i32, i32)') return undefined;
  const result = process.results.join();
  if (result === 'i64') return 'packed';
  if (result !== 'i32') return undefined;
  const outputLen = functionExport(module, 'output_len');
  return outputLen && signatureText(outputLen) === '() -> i32' ? 'output_len' : 'prefixed';
}

/**
 * Checks a module against the plugin ABI.
 *
 * @param manifest the sidecar's, or the custom section's, or undefined for a module with neither
 * @returns problems in the order of their weight; none when the module can be used
 */
export function checkAbi(module: WasmModule, manifest: PluginManifest | undefined): AbiProblem[] {
  const functions = manifest?.functions ?? [];
  return [
    ...checkImports(module),
    ...checkVersion(module),
    ...functions.flatMap((fn) => checkFunction(module, fn)),
    ...checkProcess(module),
    ...checkUsable(module, functions),
    ...checkMemory(module, functions),
  ];
}

/** A signature as messages show it: `(i32, i32) -> i64`. */
export function signatureText(type: FunctionType): string {
  const results = type.results.length === 1 ? `${type.results[0]}` : typeText(type.results);
  return `${typeText(type.parameters)} -> ${results}`;
}

function typeText(types: readonly ValueType[]): string {
  return `(${types.join(', ')})`;
}

function hasEntry(module: Pick<WasmModule, 'exports'>, name: string): boolean {
  const entry = functionExport(module, name);
  return entry !== undefined && signatureText(entry) === '() -> ()';
}

type FunctionExport = Extract<ModuleExport, { kind: 'function' }>;

function functionExport(module: Pick<WasmModule, 'exports'>, name: string): FunctionExport | undefined {
  return module.exports.find((e): e is FunctionExport => e.kind === 'function' && e.name === name);
}

function checkImports(module: WasmModule): AbiProblem[] {
  return module.imports.flatMap((given): AbiProblem[] => {
    const name = `${given.module}.${given.name}`;
    const known = AVAILABLE_IMPORTS.find(
      (i) => i.module === given.module && i.name === given.name && i.kind === given.kind,
    );
    if (known === undefined) {
      // Those of WASI are too many to list, and whoever imports one has not written its name himself.
      const listed = AVAILABLE_IMPORTS.filter((i) => i.module !== WASI_MODULE);
      const all = [...listed.map((i) => `${i.module}.${i.name}`), `the functions of ${WASI_MODULE}`].join(
        ', ',
      );
      const message = `The module imports the ${given.kind} ${name}, which Quern does not give${nearest(name)}. It may import ${all}${wasiAdvice(given.module)}.`;
      return [{ code: 'IMPORT_UNKNOWN', check: 'import-unknown', message, import: name }];
    }
    if (given.type === undefined || signatureText(given.type) === signatureText(known)) return [];
    const message = `The module imports ${name} as ${signatureText(given.type)}; its type is ${signatureText(known)}.`;
    return [{ code: 'ABI_MISMATCH', check: 'import-type', message, import: name }];
  });
}

/** What comes near to an import that compilers make of their library by themselves. */
function nearest(name: string): string {
  const near = NEAREST.find(([pattern]) => pattern.test(name))?.[1];
  return near === undefined ? '' : `; ${near} comes near to it`;
}

const NEAREST: readonly (readonly [RegExp, string])[] = [
  [/^env\.(?:Date\.now|performance\.now)$/, 'host.now_ms'],
  [/^env\.(?:seed|Math\.random|crypto\..*)$/, 'host.random'],
  [/^env\.(?:trace|console\..*|print.*)$/, 'host.log'],
];

function wasiAdvice(module: string): string {
  const isOtherWasi = module.startsWith('wasi') && module !== WASI_MODULE;
  return isOtherWasi ? '; build for WASI preview 1, such as the target wasm32-wasip1 or GOOS=wasip1' : '';
}

function checkVersion(module: WasmModule): AbiProblem[] {
  const versions = module.exports.map((e) => e.name).filter((name) => /^quern_abi_[0-9]+$/.test(name));
  if (versions.length === 0 || versions.includes('quern_abi_1')) return [];
  const message = `The module is made for another version of the plugin ABI (it exports ${versions.join(', ')}); this version of Quern takes quern_abi_1. Build it with the SDK of this version.`;
  return [{ code: 'ABI_MISMATCH', check: 'abi-version', message }];
}

function checkFunction(module: WasmModule, fn: PluginFunction): AbiProblem[] {
  return exportRoles(fn).flatMap((role) => checkRole(module, fn, role));
}

function checkRole(module: WasmModule, fn: PluginFunction, role: ExportRole): AbiProblem[] {
  const problem = (check: AbiProblem['check'], what: string, advice: string): AbiProblem => ({
    code: 'ABI_MISMATCH',
    check,
    message: `${fn.name} is declared as ${declaredText(fn)}, ${what}. ${advice}`,
    function: fn.name,
  });
  const present = role.forms.flatMap((form) => {
    const found = module.exports.find((e) => e.name === form.name);
    return found === undefined ? [] : [{ form, found }];
  });
  for (const { form, found } of present) {
    if (found.kind !== 'function') {
      const advice = `Export a function ${form.name} of type ${signatureText(form)}, or take ${fn.name} out of the manifest.`;
      return [problem('export-type', `but the module exports ${form.name} as a ${found.kind}`, advice)];
    }
    if (signatureText(found) !== signatureText(form)) {
      const what = `whose WebAssembly type is ${signatureText(form)}, but the module exports ${form.name === fn.export ? 'it' : form.name} as ${signatureText(found)}`;
      return [problem('export-type', what, 'Change one to fit the other.')];
    }
  }
  if (present.length > 0 || role.optional) return [];
  const wanted = role.forms.map((form) => `${form.name} of type ${signatureText(form)}`).join(', or ');
  const advice = `Export a function ${wanted}, or take ${fn.name} out of the manifest.`;
  return [problem('export-missing', `but the module does not export ${role.forms[0]?.name}`, advice)];
}

function declaredText(fn: PluginFunction): string {
  const parameters = fn.parameters.map((p) => `${p.type}${p.variadic ? '...' : ''}`).join(', ');
  return `${fn.name}(${parameters}) -> ${fn.returns}`;
}

function checkProcess(module: WasmModule): AbiProblem[] {
  const process = functionExport(module, 'process');
  if (process === undefined || processForm(module) !== undefined) return [];
  const message = `process is exported as ${signatureText(process)}; its type must be (i32, i32) -> i32 or (i32, i32) -> i64.`;
  return [{ code: 'ABI_MISMATCH', check: 'export-type', message, function: 'process' }];
}

function checkUsable(module: WasmModule, functions: readonly PluginFunction[]): AbiProblem[] {
  if (functions.length > 0 || functionExport(module, 'process') || isCommand(module)) return [];
  const names = module.exports.map((e) => e.name);
  const listed =
    names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');
  const message = `The module exports ${listed || 'nothing'}, and none of it can be used: it needs a function process(i32, i32), or _start() as programs for WASI have it, or a manifest that declares functions for SQL (the custom section quern, or a file NAME.quern.json beside it).`;
  return [{ code: 'EXPORT_MISSING', check: 'export-missing', message }];
}

/** Whether a function's values, or some of them, cross in memory. */
export function usesMemory(fn: PluginFunction): boolean {
  const row = fn.kind === undefined ? coreSignature(fn) : undefined;
  if (row === undefined) return true;
  const inMemory = (type: PluginType): boolean => {
    const form = rowForm(type);
    return form === 'bytes' || form === 'block';
  };
  return inMemory(fn.returns) || fn.parameters.some(({ type }) => inMemory(type));
}

/** Functions that take or give bytes need the memory, and `alloc` of the right type when there is one. */
function checkMemory(module: WasmModule, functions: readonly PluginFunction[]): AbiProblem[] {
  const user =
    functions.find(usesMemory)?.name ??
    (functionExport(module, 'process') && 'process') ??
    (isCommand(module) ? '_start' : undefined);
  if (user === undefined) return [];
  const problems: AbiProblem[] = [];
  const imported = module.imports.some((i) => i.kind === 'memory');
  if (!imported && !module.exports.some((e) => e.kind === 'memory' && e.name === 'memory')) {
    const message = `${user} takes or gives bytes, but the module does not export its memory. Export it as memory.`;
    problems.push({ code: 'ABI_MISMATCH', check: 'memory-not-exported', message, function: user });
  }
  const alloc = functionExport(module, 'alloc');
  if (alloc && signatureText(alloc) !== '(i32) -> i32') {
    const message = `alloc is exported as ${signatureText(alloc)}; its type must be (i32) -> i32.`;
    problems.push({ code: 'ABI_MISMATCH', check: 'export-type', message, function: 'alloc' });
  }
  return problems;
}

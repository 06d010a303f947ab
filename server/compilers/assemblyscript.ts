import { type APIOptions, main } from 'assemblyscript/asc';
import { createUdfTransform } from '../../wasm-core/sdk/assemblyscript/transform.ts';
import { embedSourceMap } from './assemblyscript-lines.ts';
import type { WorkerDiagnostic, WorkerReply, WorkerRequest } from './compile-types.ts';

/** Gives the text of a file beside the entry, by its path from the root; null when it is not there or not allowed. */
export type ReadSibling = (name: string) => string | null;

/**
 * Compiles an AssemblyScript plugin.
 *
 * Optimised, with names and lines kept for stack traces unless it is a release. The incremental runtime collects garbage as it allocates, so a plugin
 * may be called without end in one instance.
 */
export async function compileAssemblyScript(
  request: WorkerRequest,
  readSibling: ReadSibling,
): Promise<Omit<WorkerReply, 'id'>> {
  const diagnostics: WorkerDiagnostic[] = [];
  const siblings = new Map<string, string>();
  const looked = new Set<string>();
  const output: { wasm?: Uint8Array; map?: string } = {};
  let places: WorkerReply['places'] = [];
  const transform = createUdfTransform((functions) => {
    places = functions.map(({ name, start, end }) => ({ name, start, end }));
  });
  const { error } = await main([request.entry, ...OPTIONS[request.preset ?? 'debug'], ...COMMON_OPTIONS], {
    readFile: (name) => {
      if (name === request.entry) return request.text;
      const text = readSibling(name);
      looked.add(name);
      if (text !== null) siblings.set(name, text);
      return text;
    },
    writeFile: (_name, contents) => {
      if (typeof contents === 'string') output.map = contents;
      else output.wasm = contents.slice();
    },
    listFiles: () => [],
    reportDiagnostic: (message) => {
      const diagnostic = fromMessage(request, siblings, message as AsMessage);
      if (diagnostic !== undefined) diagnostics.push(diagnostic);
    },
    // A class, whose prototype the compiler fills in; its types know only instances.
    transforms: [transform as unknown as NonNullable<APIOptions['transforms']>[number]],
  });
  const failed = diagnostics.some((d) => d.severity === 'error');
  if (error !== null && !failed) {
    diagnostics.push({ severity: 'error', code: 'as/compiler', message: error.message, start: 0, end: 0 });
  }
  if (error !== null || failed) return { diagnostics, places };
  return { ...finished(request, output), diagnostics, places, inputs: [...looked] };
}

/** The module with its lines. */
function finished(
  { entry, text }: WorkerRequest,
  { wasm, map }: { readonly wasm?: Uint8Array; readonly map?: string },
): Pick<WorkerReply, 'wasm'> {
  if (wasm === undefined || map === undefined) return wasm === undefined ? {} : { wasm };
  return { wasm: embedSourceMap(wasm, { map, entry, lineCount: text.split('\n').length }) };
}

const OPTIONS = { debug: ['-O2', '--debug', '--sourceMap'], release: ['-O3', '--converge'] } as const;
const COMMON_OPTIONS = ['--runtime', 'incremental', '--outFile', 'plugin.wasm'] as const;

/** A diagnostic of the compiler; its own declarations leave out the source. */
interface AsMessage {
  readonly code: number;
  readonly category: number;
  readonly message: string;
  readonly range: {
    readonly start: number;
    readonly end: number;
    readonly source: { readonly normalizedPath: string };
  } | null;
}

const WARNING = 2;
const USER_DEFINED = 102;

/** @param siblings texts of the files that the entry imports, by path */
function fromMessage(
  { entry, text }: WorkerRequest,
  siblings: ReadonlyMap<string, string>,
  message: AsMessage,
): WorkerDiagnostic | undefined {
  if (message.category < WARNING) return undefined;
  const severity = message.category === WARNING ? 'warning' : 'error';
  const isOurs = message.code === USER_DEFINED;
  const said = isOurs ? message.message.replace(/^User-defined: /, '') : message.message;
  const found = { severity, code: isOurs ? 'udf/signature' : `as/${message.code}` } as const;
  const { range } = message;
  if (range === null) return { ...found, message: said, start: 0, end: 0 };
  const { start, end, source } = range;
  if (source.normalizedPath !== entry) {
    const line = (siblings.get(source.normalizedPath) ?? '').slice(0, start).split('\n').length;
    const place = importOf(text, source.normalizedPath);
    return { ...found, message: `${source.normalizedPath}:${line}: ${said}`, ...place };
  }
  // The transform puts the wrappers behind the source's own text.
  const isWrapper = start > text.length;
  if (isWrapper) return { ...found, message: `In the wrapper of a @udf function: ${said}`, start: 0, end: 0 };
  return { ...found, message: said, start, end };
}

/** Where a text imports another file, for problems that lie there. */
function importOf(text: string, file: string): { start: number; end: number } {
  const base = file.slice(file.lastIndexOf('/') + 1).replace(/\.ts$/, '');
  for (const match of text.matchAll(/from\s*(["'][^"']+["'])/g)) {
    const specifier = match[1] ?? '';
    if (!specifier.slice(1, -1).endsWith(base)) continue;
    const end = match.index + match[0].length;
    return { start: end - specifier.length, end };
  }
  return { start: 0, end: 0 };
}

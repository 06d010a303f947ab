import { parseManifest } from '../../../wasm-core/binary/manifest.ts';
import { sourceLines } from '../../../wasm-core/binary/source-lines/source-lines.ts';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { isProjectFile, type PluginManifest } from '../../../wasm-core/protocol/plugins.ts';
import type { PluginSubject } from '../../plugins/checks/check.ts';
import { checkModule, type ModuleProblem } from '../check-module.ts';
import type { CompileDiagnostic, CompileOutcome, SourcePlace, ToolSource } from '../compile-types.ts';
import { manifestOf, outcomeOf } from '../finish.ts';
import { withLints } from '../lint-module.ts';
import { findDeclaration, modulePlace } from '../places.ts';
import { LineMap } from '../text-positions.ts';
import { readUdfComments } from '../udf-comment.ts';

/** A file of a project. */
export interface MemberText {
  /** Absolute. */
  readonly path: string;
  readonly text: string;
}

/** What a tool made of a source. */
export interface ToolMade {
  readonly wasm?: Uint8Array;
  readonly diagnostics: readonly CompileDiagnostic[];
  /** The files of a project; none for a single source. */
  readonly members: readonly MemberText[];
  readonly inputs?: readonly string[];
  /** Absolute path of the tool. */
  readonly tool?: string;
}

/**
 * What became of a source that a tool compiled: its module with the functions that the module's own section, the source's
 * comments or the sidecar declare, in this order, checked against the plugin ABI.
 */
export function finishTool(source: ToolSource, made: ToolMade): CompileOutcome {
  const texts = isProjectFile(source.path) ? made.members : [{ path: source.path, text: source.text }];
  const comments = readComments(texts, source.path);
  const diagnostics = [...made.diagnostics, ...comments.diagnostics];
  if (made.wasm === undefined) {
    return outcomeOf(source.path, undefined, { diagnostics, places: comments.places });
  }
  const { declared, problems } = declaredBy(source, comments.functions);
  const checked = checkModule(made.wasm, declared === undefined ? {} : { declared });
  const places = new Map(comments.places);
  for (const fn of checked.manifest?.functions ?? []) {
    const place = declarationIn(texts, source, [fn.export, fn.name]);
    if (place !== undefined) places.set(fn.name, place);
  }
  const found = [...problems, ...checked.problems].map((problem) =>
    toDiagnostic(problem, placeOf(problem, { source, texts, places })),
  );
  const told = outcomeOf(source.path, checked, { diagnostics: [...diagnostics, ...found], places });
  const placeOfPart = (about: PluginSubject | undefined) =>
    partPlace(about, { source, texts, places, wasm: checked.wasm });
  const outcome = withLints(told, { source, checked, placeOf: placeOfPart });
  const { inputs, tool } = made;
  return { ...outcome, ...(inputs && { inputs }), ...(tool !== undefined && { tool }) };
}

interface Comments {
  readonly functions: PluginManifest['functions'];
  readonly places: ReadonlyMap<string, SourcePlace>;
  readonly diagnostics: readonly CompileDiagnostic[];
}

function readComments(texts: readonly MemberText[], main: string): Comments {
  const places = new Map<string, SourcePlace>();
  const diagnostics: CompileDiagnostic[] = [];
  const functions = texts.flatMap(({ path, text }) => {
    const map = new LineMap(text);
    const file = path === main ? {} : { file: path };
    const found = readUdfComments(text, 'c');
    for (const { name, start, end } of found.places) places.set(name, { ...map.range(start, end), ...file });
    for (const { start, end, severity, code, message } of found.diagnostics) {
      diagnostics.push({ severity, code, message, range: map.range(start, end), ...file });
    }
    return found.functions;
  });
  return { functions, places, diagnostics };
}

function declaredBy(
  { sidecar }: ToolSource,
  functions: PluginManifest['functions'],
): { readonly declared?: PluginManifest; readonly problems: readonly ModuleProblem[] } {
  if (functions.length > 0) return { declared: manifestOf(functions), problems: [] };
  if (sidecar === undefined) return { problems: [] };
  try {
    return { declared: parseManifest(sidecar, { source: 'the file beside the source' }), problems: [] };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { problems: [{ code: 'manifest-invalid', message: error.message }] };
  }
}

function declarationIn(
  texts: readonly MemberText[],
  { language, path: main }: ToolSource,
  names: readonly string[],
): SourcePlace | undefined {
  for (const { path, text } of texts) {
    const range = findDeclaration(language, text, names);
    if (range !== undefined) return path === main ? range : { ...range, file: path };
  }
  return undefined;
}

function placeOf(
  problem: ModuleProblem,
  known: {
    readonly source: ToolSource;
    readonly texts: readonly MemberText[];
    readonly places: ReadonlyMap<string, SourcePlace>;
  },
): SourcePlace {
  const { source, texts, places } = known;
  const name = problem.function;
  const place = name === undefined ? undefined : (places.get(name) ?? declarationIn(texts, source, [name]));
  return place ?? modulePlace(source.language, source.text);
}

/** Where a part of a module stands: the function that it is about, or the line that an instruction comes from. */
function partPlace(
  about: PluginSubject | undefined,
  known: {
    readonly source: ToolSource;
    readonly texts: readonly MemberText[];
    readonly places: ReadonlyMap<string, SourcePlace>;
    readonly wasm: Uint8Array;
  },
): SourcePlace {
  const { source, texts, places, wasm } = known;
  const line = about?.type === 'instruction' ? linePlace(wasm, about.offset, texts) : undefined;
  const name = about?.type === 'function' ? about.name : about?.type === 'instruction' ? about.function : '';
  const declared = places.get(name) ?? declarationIn(texts, source, [name]);
  return line ?? declared ?? modulePlace(source.language, source.text);
}

function linePlace(wasm: Uint8Array, offset: number, texts: readonly MemberText[]): SourcePlace | undefined {
  const [found] = sourceLines(wasm, [offset]) ?? [];
  const place = found?.own ?? found?.place;
  const named = texts.filter(({ path }) => place !== undefined && path.endsWith(place.file));
  const [only] = named;
  if (place === undefined || only === undefined) return undefined;
  const map = new LineMap(only.text);
  const start = map.lineStart(place.line - 1);
  const range = map.range(start, Math.max(start, map.lineStart(place.line) - 1));
  return only === texts[0] ? range : { ...range, file: only.path };
}

function toDiagnostic(problem: ModuleProblem, { file, ...range }: SourcePlace): CompileDiagnostic {
  const { message, code } = problem;
  return { severity: 'error', message, code, range, ...(file !== undefined && { file }) };
}

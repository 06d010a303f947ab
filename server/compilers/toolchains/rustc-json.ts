import type { ToolDiagnostic, ToolNote, ToolPlace } from './tool-diagnostic.ts';

/*
 * The lines of JSON that rustc writes with --error-format=json
 * (https://doc.rust-lang.org/rustc/json.html), and that cargo writes around them with --message-format=json.
 */

/** What rustc or cargo say in their lines; a line that is no JSON is passed over. */
export function readRustcJson(output: string): ToolDiagnostic[] {
  return jsonLines(output).flatMap((line) => {
    const wrapped = member(line, 'reason') === 'compiler-message';
    const found = readMessage(wrapped ? member(line, 'message') : line);
    return found === undefined ? [] : [found];
  });
}

/** The WebAssembly modules that cargo says that it made. */
export function readCargoModules(output: string): string[] {
  return jsonLines(output)
    .filter((line) => member(line, 'reason') === 'compiler-artifact')
    .flatMap((line) => list(member(line, 'filenames')))
    .filter((name): name is string => typeof name === 'string' && name.endsWith('.wasm'));
}

function jsonLines(output: string): unknown[] {
  return output.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [];
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      // A line that was cut off when the tool was ended.
      return [];
    }
  });
}

function readMessage(message: unknown): ToolDiagnostic | undefined {
  const level = member(message, 'level');
  const text = member(message, 'message');
  if ((level !== 'error' && level !== 'warning') || typeof text !== 'string') return undefined;
  // How many there were is seen.
  if (/^aborting due to|^\d+ warnings? emitted/.test(text)) return undefined;
  const code = member(member(message, 'code'), 'code');
  const { at, labels } = readSpans(message);
  const notes = list(member(message, 'children')).flatMap(readNotes);
  return {
    severity: level,
    message: text,
    code: typeof code === 'string' ? `rustc/${code}` : 'rustc',
    ...(at && { at }),
    notes: [...labels, ...notes],
  };
}

/** A note, with each place that it names. */
function readNotes(child: unknown): ToolNote[] {
  const level = member(child, 'level');
  const text = member(child, 'message');
  if (typeof text !== 'string') return [];
  const { at, labels } = readSpans(child);
  return [{ message: `${String(level)}: ${text}`, ...(at && { at }) }, ...labels];
}

/** The primary span, and the others as notes; what the primary one is labelled with is a note at its place. */
function readSpans(message: unknown): { readonly at?: ToolPlace; readonly labels: readonly ToolNote[] } {
  const spans = list(member(message, 'spans'));
  const primary = spans.find((span) => member(span, 'is_primary') === true);
  const labels = spans.flatMap((span): ToolNote[] => {
    const label = member(span, 'label');
    if (typeof label !== 'string' || label === '') return [];
    const at = placeOf(span);
    return span === primary || at === undefined ? [{ message: label }] : [{ message: label, at }];
  });
  const at = primary === undefined ? undefined : placeOf(primary);
  return at === undefined ? { labels } : { at, labels };
}

/** Where a span is; where a macro made it, the place that calls the macro in the plugin's own text. */
function placeOf(span: unknown): ToolPlace | undefined {
  const call = member(member(span, 'expansion'), 'span');
  if (call !== undefined) return placeOf(call);
  const file = member(span, 'file_name');
  const [line, column, endLine, endColumn] = ['line_start', 'column_start', 'line_end', 'column_end'].map(
    (name) => Number(member(span, name)),
  );
  if (typeof file !== 'string' || !line || !column || !endLine || !endColumn) return undefined;
  return { file, line, column, end: { line: endLine, column: endColumn }, unit: 'characters' };
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? ((value as Readonly<Record<string, unknown>>)[name] ?? undefined)
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

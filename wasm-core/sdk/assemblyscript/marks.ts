import type { AsDecorator, AsNode, AsRange, AsSource } from './ast.ts';
import type { Report } from './codec-reader.ts';
import { docCommentBefore, MARKS, type MarkName } from './doc-comment.ts';
import { type Option, type OptionValue, readOptions } from './options.ts';

/** What a mark says of a function or a class. */
export interface Mark {
  readonly kind: MarkName;
  readonly name?: string;
  readonly deterministic: boolean;
  readonly nullOnError: boolean;
  readonly variadic: boolean;
  /** SQL types of parameters, by name. */
  readonly types: ReadonlyMap<string, string>;
  readonly returns?: string;
  readonly idField?: string;
  readonly scoreField?: string;
  readonly doc: string;
}

interface Marked extends AsNode {
  readonly decorators: readonly AsDecorator[] | null;
}

/** Makes a range of a source, UTF-16 code units. */
export type MakeRange = (start: number, end: number) => AsRange;

/** The mark of a declaration, as a decorator or as a tag of its doc comment; undefined when it has none. */
export function findMark(node: Marked, source: AsSource, range: MakeRange, report: Report): Mark | undefined {
  const { text } = source;
  const start = Math.min(node.range.start, ...(node.decorators ?? []).map((d) => d.range.start));
  const comment = docCommentBefore(text, beforeExport(text, start));
  const decorator = node.decorators?.find((d) => isMark(d.name.text));
  const kind = MARKS.find((name) => name === decorator?.name.text) ?? comment.mark;
  if (kind === undefined) return undefined;
  const at = decorator === undefined ? comment : argumentPlace(decorator, text, report);
  const { options, wrongAt } = at === undefined ? { options: [], wrongAt: undefined } : readOptions(text, at);
  if (wrongAt !== undefined) {
    const end = Math.max(
      wrongAt + 1,
      wrongAt + (/^[^\n,:}*]*/.exec(text.slice(wrongAt))?.[0].trimEnd().length ?? 0),
    );
    report(range(wrongAt, end), `This is no option; ${ADVICE}.`);
  }
  return toMark(kind, comment.doc, options, (option) =>
    report(
      range(option.start, option.end),
      `@${kind} has no option ${option.name} with this value; ${ADVICE}.`,
    ),
  );
}

const ADVICE =
  'write @udf, or options such as @udf({ name: "sql_name", deterministic: false, onError: "null", types: { price: "DECIMAL(10,2)" }, returns: "DATE" })';

function isMark(name: string): boolean {
  return MARKS.some((mark) => mark === name);
}

/** A declaration's range leaves out `export`; the comment stands before that. */
function beforeExport(text: string, start: number): number {
  const match = /export\s+$/.exec(text.slice(Math.max(0, start - 64), start));
  return match === null ? start : start - match[0].length;
}

/** Where the options stand inside the braces of a decorator's argument. */
function argumentPlace(
  decorator: AsDecorator,
  text: string,
  report: Report,
): { start: number; end: number } | undefined {
  const argument = decorator.args?.[0];
  if (argument === undefined) return undefined;
  const { start } = argument.range;
  // The range of an object literal ends before its brace in some versions of the compiler.
  const close = text.indexOf('}', argument.range.end - 1);
  if (text[start] !== '{' || close < 0) {
    report(argument.range, `@${decorator.name.text} takes an object; ${ADVICE}.`);
    return undefined;
  }
  const end = text[argument.range.end - 1] === '}' ? argument.range.end - 1 : close;
  const inside = text.slice(start + 1, end).replace(/[\s,]+$/, '');
  return { start: start + 1, end: start + 1 + inside.length };
}

type Draft = { -readonly [K in keyof Mark]: Mark[K] };

function toMark(kind: MarkName, doc: string, options: readonly Option[], refuse: (o: Option) => void): Mark {
  const mark: Draft = {
    kind,
    doc,
    deterministic: true,
    nullOnError: false,
    variadic: false,
    types: new Map(),
  };
  for (const option of options) if (!setOption(mark, option.name, option.value)) refuse(option);
  return mark;
}

function setOption(mark: Draft, name: string, value: OptionValue): boolean {
  if (typeof value === 'boolean') {
    if (name !== 'deterministic' && name !== 'variadic') return false;
    mark[name] = value;
    return true;
  }
  if (typeof value === 'string') {
    if (name === 'onError' && (value === 'null' || value === 'fail')) mark.nullOnError = value === 'null';
    else if (name === 'name' || name === 'returns') mark[name] = value;
    else return false;
    return true;
  }
  const entries = Object.entries(value).filter((e): e is [string, string] => typeof e[1] === 'string');
  if (name === 'types') mark.types = new Map(entries);
  else if (name !== 'document') return false;
  else {
    const { id, score } = Object.fromEntries(entries);
    if (id !== undefined) mark.idField = id;
    if (score !== undefined) mark.scoreField = score;
  }
  return entries.length === Object.keys(value).length;
}

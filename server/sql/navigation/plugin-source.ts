import type { Span } from '../syntax/tree.ts';

/** A change of a text. Positions are UTF-16 code units. */
export interface TextChange extends Span {
  readonly newText: string;
}

/** How a function of a plugin is to be called. */
export interface SourceRename {
  readonly language: 'wat' | 'assemblyscript' | 'native';
  readonly old: string;
  readonly name: string;
  /** Where the source declares it, as far as that is known. */
  readonly declarations: readonly Span[];
}

/**
 * The changes that give a plugin's function another name in its source.
 *
 * @returns them, in the order of the text, or why there can be none
 */
export function renameInSource(text: string, rename: SourceRename): readonly TextChange[] | string {
  const renamed = { wat: renameInWat, assemblyscript: renameInAssemblyScript, native: renameInNative };
  const changes = renamed[rename.language](text, rename);
  if (typeof changes === 'string') return changes;
  if (changes.length === 0)
    return `The source does not show where ${rename.old} is declared; rename it there.`;
  return [...changes].sort((a, b) => a.start - b.start);
}

/** What the ABI puts behind the name of an aggregate, a table function, or a batch form. */
const ENDINGS = '(?:__(?:init|update|combine|finalize|free|open|next|project|close))?(?:__batch)?';

/** The `@udf` comment or the manifest, and the exports of the name. */
function renameInWat(text: string, { old, name }: SourceRename): TextChange[] {
  const patterns = [
    new RegExp(`^[ \\t]*;;+[ \\t]*@udf[ \\t]+(${old})(?=[ \\t]*\\()`, 'gmd'),
    new RegExp(`\\(\\s*export\\s+"(${old})${ENDINGS}"`, 'gd'),
    // The manifest's quotes are escaped, as it is a string itself.
    new RegExp(`\\\\?"(?:name|export)\\\\?"\\s*:\\s*\\\\?"(${old})\\\\?"`, 'gd'),
  ];
  return patterns.flatMap((pattern) => changesOf(text, pattern, name));
}

/**
 * The `@udf` comment of C, C++, Rust, Go and Zig, whose name is the export's, and the function that is exported by it.
 * Where the text uses the name for anything else, nobody can tell from here whether that is the same thing.
 */
function renameInNative(text: string, { old, name }: SourceRename): TextChange[] | string {
  const words = (word: string): RegExp => new RegExp(`(?<![\\w$])(${word})(?![\\w$])`, 'gd');
  if (words(name).test(text)) return `The source uses the name ${name} already; use another name.`;
  const mark = changesOf(text, new RegExp(`@udf[ \\t]+(${old})(?=[ \\t]*\\()`, 'gd'), name);
  const forms = [
    `(?<![\\w$.])(${old})${ENDINGS}(?=\\s*\\()`,
    `\\bexport_name(?:\\s*\\(|\\s*=)\\s*"(${old})${ENDINGS}"`,
    `^//go:wasmexport[ \\t]+(${old})${ENDINGS}[ \\t]*\\r?$`,
  ];
  const found = forms.flatMap((form) => changesOf(text, new RegExp(form, 'gmd'), name));
  const exported = found.filter(({ start }) => !mark.some((other) => other.start === start));
  if (mark.length === 0 || exported.length === 0) return [];
  const known = new Set(found.map(({ start }) => start));
  if (changesOf(text, words(old), name).some(({ start }) => !known.has(start)))
    return `The source uses the name ${old} for more than the function that it exports; rename it there.`;
  return found;
}

/** The name that the mark gives, else that of the function or class, wherever the source uses it. */
function renameInAssemblyScript(text: string, rename: SourceRename): TextChange[] | string {
  const { old, name, declarations } = rename;
  const changes: TextChange[] = [];
  const identifiers = new Map<string, string>();
  for (const { start, end } of declarations) {
    const declared = text.slice(start, end);
    const given = nameInMark(text, start, old);
    if (given !== undefined) changes.push({ ...given, newText: name });
    else if (declared === old) identifiers.set(declared, name);
    else if (sqlName(declared) === old && sqlName(className(name)) === name)
      identifiers.set(declared, className(name));
    else
      return `${declared} is called ${old} in SQL for a reason that the source does not show; rename it there.`;
  }
  for (const [from, to] of identifiers) {
    if (wordChanges(text, to, to).length > 0)
      return `The source uses the name ${to} already; use another name.`;
    changes.push(...wordChanges(text, from, to));
  }
  return changes;
}

/** The name in the options of the mark before a declaration: `@udf({ name: "…" })`. */
function nameInMark(text: string, declaration: number, old: string): Span | undefined {
  const before = text.slice(0, declaration);
  const mark = Math.max(...['@udf', '@aggregate', '@table'].map((word) => before.lastIndexOf(word)));
  if (mark < 0 || /\b(?:function|class)\b/.test(before.slice(mark).replace(/\b(?:function|class)\s*$/, ''))) {
    return undefined;
  }
  const match = new RegExp(`\\bname\\s*:\\s*(["'])(${old})\\1`, 'd').exec(before.slice(mark));
  const place = match?.indices?.[2];
  return place && { start: mark + place[0], end: mark + place[1] };
}

/** Words of the code, strings, comments and members left out. */
function wordChanges(text: string, word: string, newText: string): TextChange[] {
  const token =
    /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`|[\w$]+/g;
  return [...text.matchAll(token)].flatMap((match) => {
    const isMember = /\.\s*$/.test(text.slice(Math.max(0, match.index - 16), match.index));
    if (match[0] !== word || isMember) return [];
    return [{ start: match.index, end: match.index + word.length, newText }];
  });
}

function changesOf(text: string, pattern: RegExp, newText: string): TextChange[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const place = match.indices?.[1];
    return place === undefined ? [] : [{ start: place[0], end: place[1], newText }];
  });
}

/** The SQL name of a class, as the compiler makes it. */
function sqlName(declared: string): string {
  return declared.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toLowerCase();
}

function className(name: string): string {
  return name.replace(/(?:^|_)([a-z0-9])/g, (_, first: string) => first.toUpperCase());
}

/*
 * Just enough of the specification's script format (.wast) to take the modules out of it:
 * https://github.com/WebAssembly/spec/tree/main/interpreter#scripts.
 */

/** A module of a script: its text, or its bytes where the script gives those. */
export type WastModule =
  | { readonly form: 'text'; readonly wat: string }
  | { readonly form: 'binary'; readonly bytes: Uint8Array };

/** Every module of a script, those inside assertions too; quoted text is left out. */
export function modulesOf(script: string): WastModule[] {
  const modules: WastModule[] = [];
  for (const match of script.matchAll(/\(module(?=[\s()])/g)) {
    const start = match.index;
    if (isInComment(script, start)) continue;
    const text = script.slice(start, endOf(script, start));
    const head = /^\(module\s+(?:definition\s+)?(?:\$\S+\s+)?(binary|quote)\b/.exec(text);
    if (head?.[1] === 'binary') modules.push({ form: 'binary', bytes: stringBytes(text) });
    else if (head === null) modules.push({ form: 'text', wat: text });
  }
  return modules;
}

/** Position behind the parenthesis that closes the one at `start`. */
function endOf(script: string, start: number): number {
  const token = /"(?:[^"\\]|\\.)*"|;;[^\n\r]*|\(;|;\)|[()]/g;
  token.lastIndex = start;
  let depth = 0;
  let commentDepth = 0;
  for (let match = token.exec(script); match !== null; match = token.exec(script)) {
    if (match[0] === '(;') commentDepth++;
    else if (match[0] === ';)') commentDepth--;
    else if (commentDepth > 0) {
      // What looks like a line comment may hold the end of this one.
      if (match[0].startsWith(';;')) token.lastIndex = match.index + 1;
    } else if (match[0] === '(') depth++;
    else if (match[0] === ')' && --depth === 0) return token.lastIndex;
  }
  return script.length;
}

function isInComment(script: string, position: number): boolean {
  const line = script.slice(script.lastIndexOf('\n', position) + 1, position);
  return line.includes(';;') || line.includes('"');
}

/** The bytes of all strings of a form, with the format's escapes. */
function stringBytes(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const [, body = ''] of text.replace(/;;[^\n]*/g, '').matchAll(/"((?:[^"\\]|\\.)*)"/g)) {
    for (const [piece] of body.matchAll(/\\[0-9a-fA-F]{2}|\\u\{[0-9a-fA-F]+\}|\\.|[^\\]/gu))
      bytes.push(...decodeEscape(piece));
  }
  return Uint8Array.from(bytes);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function decodeEscape(piece: string): Uint8Array | number[] {
  if (!piece.startsWith('\\')) return Buffer.from(piece);
  if (/^\\[0-9a-fA-F]{2}$/.test(piece)) return [Number.parseInt(piece.slice(1), 16)];
  if (piece.startsWith('\\u{')) return Buffer.from(String.fromCodePoint(Number.parseInt(piece.slice(3), 16)));
  return Buffer.from(ESCAPES[piece.slice(1)] ?? piece.slice(1));
}

import { clauseAt, levelsAt } from '../syntax/scope.ts';
import type { Call, StatementSyntax } from '../syntax/tree.ts';
import { isKeyword, isMark, type Token } from '../tokens.ts';

/** Words of AssemblyScript that are no names of parameters. */
const TAKEN = new Set(
  `break case catch class const continue debugger default delete do else enum export extends false finally for function if
  implements import in instanceof interface let new null package private protected public return static super switch this
  throw true try type typeof var void while with yield abstract as async await constructor declare from get is keyof module
  namespace readonly require number set string bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64`.split(/\s+/),
);

/** Names for the parameters of a call: of its columns, else letters; each is another. */
export function parameterNames(texts: readonly string[]): string[] {
  const used = new Set<string>();
  return texts.map((text, index) => {
    const column = /^(?:.*\.)?\s*"?([\p{L}_][\p{L}\p{N}_ ]*)"?$/su.exec(text.trim())?.[1];
    const isValue = column === undefined || /^(true|false|null)$/i.test(column);
    const plain = isValue ? '' : column.toLowerCase().replace(/[^a-z0-9_]+/g, '_');
    const base = /^[a-z_][a-z0-9_]*[a-z0-9][a-z0-9_]*$|^[a-z]$/.test(plain) ? plain : letter(index);
    let name = TAKEN.has(base) ? `${base}_` : base;
    for (let count = 2; used.has(name); count++) name = `${base}${count}`;
    used.add(name);
    return name;
  });
}

/** The result's type by where a call stands: a condition, an operand of arithmetic, a cast; else VARCHAR. */
export function guessResult(statement: StatementSyntax, call: Call): string {
  const { tokens } = statement;
  const before = tokens.findLast(({ end }) => end <= call.start);
  const next = tokens.findIndex(({ start }) => start >= call.end);
  const after = tokens[next];
  if (isMark(after, ':') && isMark(tokens[next + 1], ':')) return castType(tokens[next + 2]);
  const block = levelsAt(statement, call.start)[0]?.block;
  const clause = block === undefined ? undefined : clauseAt(block, call.start)?.keyword;
  const isAlone = isConnective(before) && (isConnective(after) || after === undefined || endsClause(after));
  if (isAlone && /^(WHERE|HAVING|QUALIFY)$/.test(clause ?? '')) return 'BOOLEAN';
  if (isArithmetic(before) || isArithmetic(after)) return 'DOUBLE';
  const other = comparedWith(tokens, next) ?? comparedBefore(tokens, call);
  return other?.kind === 'number' ? 'DOUBLE' : 'VARCHAR';
}

function letter(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + (index % 26));
}

const RESULTS: Readonly<Record<string, string>> = {
  INT: 'INTEGER',
  INTEGER: 'INTEGER',
  BIGINT: 'BIGINT',
  DOUBLE: 'DOUBLE',
  FLOAT: 'FLOAT',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMP',
};

function castType(token: Token | undefined): string {
  return RESULTS[token?.text.toUpperCase() ?? ''] ?? 'VARCHAR';
}

function isConnective(token: Token | undefined): boolean {
  return (
    isKeyword(token, 'WHERE', 'AND', 'OR', 'NOT', 'HAVING', 'QUALIFY') ||
    isMark(token, '(') ||
    isMark(token, ')')
  );
}

function endsClause(token: Token): boolean {
  return isKeyword(
    token,
    'GROUP',
    'ORDER',
    'LIMIT',
    'HAVING',
    'QUALIFY',
    'WINDOW',
    'UNION',
    'SELECT',
    'OFFSET',
  );
}

function isArithmetic(token: Token | undefined): boolean {
  return token?.kind === 'mark' && '+-*/%'.includes(token.text);
}

function isComparison(token: Token | undefined): boolean {
  return token?.kind === 'mark' && '<>=!'.includes(token.text);
}

function comparedWith(tokens: readonly Token[], first: number): Token | undefined {
  if (!isComparison(tokens[first])) return undefined;
  return tokens.slice(first).find((token) => !isComparison(token) && !isMark(token, '-'));
}

function comparedBefore(tokens: readonly Token[], call: Call): Token | undefined {
  const before = tokens.filter(({ end }) => end <= call.start);
  if (!isComparison(before.at(-1))) return undefined;
  return before.findLast((token) => !isComparison(token));
}

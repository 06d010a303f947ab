import type { WitFunction, WitType } from './wit-types.ts';

/**
 * The functions of interfaces that a component lifts from its module, read from the text that wasm-tools prints of it:
 * the text of its world names interfaces of packages, and leaves out what is in them.
 *
 * @param printed one item a line, as wasm-tools indents them
 */
export function liftedFunctions(printed: string): WitFunction[] {
  const lines = printed.split('\n').filter((line) => /^ {2}\(/.test(line));
  const types = new Map<string, string>();
  const exports = new Map<string, string>();
  const found: WitFunction[] = [];
  for (const line of lines) {
    const type = /^ {2}\(type (?:\$\S+ )?\(;(\d+);\) (.*)\)$/.exec(line);
    if (type !== null) types.set(type[1] ?? '', type[2] ?? '');
    const alias = /^ {2}\(alias core export \S+ "([^"\\]*)" \(core func (\$(?:"[^"]*"|[^\s()]+))/.exec(line);
    if (alias !== null) exports.set(alias[2] ?? '', alias[1] ?? '');
    const lift = /^ {2}\(func .*?\(type (\d+)\) \(canon lift \(core func (\$(?:"[^"]*"|[^\s()]+))/.exec(line);
    const owner = lift && ownerOf(exports.get(lift[2] ?? '') ?? '');
    const signature = lift && types.get(lift[1] ?? '');
    if (owner && signature) found.push({ ...owner, ...readSignature(signature, types) });
  }
  return found;
}

/** An interface and its function, of the name of a module's export; undefined for functions of the world itself. */
function ownerOf(name: string): { readonly interface: string; readonly name: string } | undefined {
  const [, owner, fn] = /^cm32p2\|([^|]+)\|(.+)$/.exec(name) ?? /^([^#|]+)#(.+)$/.exec(name) ?? [];
  return owner === undefined || fn === undefined ? undefined : { interface: owner, name: fn };
}

/** `(func (param "a" f64) (result 3))`, with other types by their numbers. */
function readSignature(
  text: string,
  types: ReadonlyMap<string, string>,
): Pick<WitFunction, 'parameters' | 'result'> {
  const reader = new TypeReader(text, types);
  const parameters: { name: string; type: WitType }[] = [];
  let result: WitType | undefined;
  reader.take('(');
  reader.take('func');
  while (reader.take('(')) {
    const kind = reader.next();
    if (kind === 'param') parameters.push({ name: reader.next().slice(1, -1), type: reader.type() });
    else result = reader.type();
    reader.take(')');
  }
  return { parameters, ...(result && { result }) };
}

/** How deep types may lie in each other; deeper ones have no SQL type anyway. */
const MAX_DEPTH = 20;

class TypeReader {
  private readonly tokens: readonly string[];
  private at = 0;

  constructor(
    text: string,
    private readonly types: ReadonlyMap<string, string>,
    private readonly depth = 0,
  ) {
    this.tokens = text.match(/"[^"]*"|[()]|[^\s()"]+/g) ?? [];
  }

  type(): WitType {
    if (!this.take('(')) return this.named(this.next());
    const name = this.next();
    const given: WitType[] = [];
    while (this.at < this.tokens.length && !this.take(')')) {
      if (this.take('(')) {
        if (!this.take('error')) this.at--;
        given.push(this.type());
        this.take(')');
      } else given.push(this.type());
    }
    return { name, arguments: given };
  }

  next(): string {
    return this.tokens[this.at++] ?? '';
  }

  take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private named(name: string): WitType {
    const text = /^\d+$/.test(name) ? this.types.get(name) : undefined;
    if (text === undefined || this.depth > MAX_DEPTH) return { name, arguments: [] };
    return new TypeReader(text, this.types, this.depth + 1).type();
  }
}

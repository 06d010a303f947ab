import type { WitFunction, WitType, WitWorld } from './wit-types.ts';

/**
 * Reads a world from the text that wasm-tools prints for a component: one world, whose own interfaces are inside it. See https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md. What it does not know it
 * passes over.
 */
export function readWitWorld(text: string): WitWorld {
  return new WorldReader(text).read();
}

/** Names with their packages and versions, arrows, single signs; comments are passed over. */
const TOKEN =
  /\/\/.*|\/\*[\s\S]*?\*\/|->|%?[\p{L}\d][\p{L}\d-]*(?::[\p{L}\d-]+(?:\/[\p{L}\d-]+)*)?(?:@\d[\w.+-]*\w)?|[^\s]/gu;

class WorldReader {
  private readonly tokens: readonly string[];
  private at = 0;
  private readonly imports: string[] = [];
  private readonly exports: WitFunction[] = [];
  private readonly interfaces: string[] = [];

  constructor(text: string) {
    this.tokens = [...text.matchAll(TOKEN)].map(([token]) => token).filter((token) => !/^\/[/*]/.test(token));
  }

  read(): WitWorld {
    while (this.at < this.tokens.length) if (this.next() === 'world') this.readWorld();
    return { imports: this.imports, exports: this.exports, interfaces: this.interfaces };
  }

  private readWorld(): void {
    this.next();
    this.expect('{');
    while (this.at < this.tokens.length && !this.take('}')) {
      const word = this.next();
      if (word === 'import') this.readImport();
      else if (word === 'export') this.readExport();
      else this.skipItem();
    }
  }

  private readImport(): void {
    this.imports.push(this.next());
    this.skipItem();
  }

  private readExport(): void {
    const name = this.next();
    if (this.take(';')) this.interfaces.push(name);
    else if (this.take(':')) {
      const kind = this.next();
      if (kind === 'func') this.exports.push(this.readFunction(name));
      else if (kind === 'interface') this.exports.push(...this.readFunctions(name));
      else this.skipItem();
    } else this.skipItem();
  }

  private readFunctions(owner: string): WitFunction[] {
    const found: WitFunction[] = [];
    this.expect('{');
    while (this.at < this.tokens.length && !this.take('}')) {
      const name = this.next();
      if (this.take(':') && this.take('func')) found.push({ interface: owner, ...this.readFunction(name) });
      else this.skipItem();
    }
    return found;
  }

  /** What stands behind `func`. */
  private readFunction(name: string): WitFunction {
    const parameters: { name: string; type: WitType }[] = [];
    this.expect('(');
    while (this.at < this.tokens.length && !this.take(')')) {
      const parameter = this.next();
      this.expect(':');
      parameters.push({ name: plain(parameter), type: this.readType() });
      this.take(',');
    }
    const result = this.take('->') ? this.readType() : undefined;
    this.skipItem();
    return { name: plain(name), parameters, ...(result && { result }) };
  }

  private readType(): WitType {
    const name = plain(this.next());
    const given: WitType[] = [];
    if (this.take('<')) {
      while (this.at < this.tokens.length && !this.take('>')) {
        given.push(this.readType());
        this.take(',');
      }
    }
    return { name, arguments: given };
  }

  /** Passes over the rest of an item: up to its semicolon, or over its block. */
  private skipItem(): void {
    let depth = 0;
    while (this.at < this.tokens.length) {
      if (depth === 0 && this.tokens[this.at] === '}') return;
      const token = this.next();
      if (token === '{') depth++;
      if (token === '}') depth--;
      if (depth === 0 && (token === ';' || token === '}')) return;
    }
  }

  private next(): string {
    return this.tokens[this.at++] ?? '';
  }

  private take(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private expect(token: string): void {
    this.take(token);
  }
}

/** A name without the sign that keeps it from being a keyword. */
function plain(name: string): string {
  return name.replace(/^%/, '');
}

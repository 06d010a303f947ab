import type { ModuleOutline } from './module-outline.ts';
import type { NamedKind } from './name-table.ts';

/** What an identifier may be made of without quotes: https://webassembly.github.io/spec/core/text/values.html#text-id. */
const PLAIN = /^[A-Za-z0-9!#$%&'*+\-./:<=>?@\\^_`|~]+$/;

/**
 * Names of a module's parts, as people know them and as the text format can write them. Where the name section has
 * none, a function is called what it is exported or imported as.
 */
export class Identifiers {
  readonly #outline: ModuleOutline;
  /** Who has an identifier first, by kind: one that comes again is written with its index behind it. */
  readonly #owners = new Map<NamedKind, ReadonlyMap<string, number>>();
  #publicNames: ReadonlyMap<number, string> | undefined;

  constructor(outline: ModuleOutline) {
    this.#outline = outline;
  }

  /** What a function is called; undefined for one without any name. */
  functionName(index: number): string | undefined {
    return this.#outline.names.nameOf('function', index) ?? this.#publicName(index);
  }

  /** How an instruction writes a thing: `$name`, or its index when it has no name. */
  reference(kind: NamedKind, index: number): string {
    return this.#identifier(kind, index) ?? String(index);
  }

  /** How its definition begins, a space in front: ` $name (;3;)`, or ` (;3;)` when it has no name. */
  definition(kind: NamedKind, index: number): string {
    const identifier = this.#identifier(kind, index);
    return identifier === undefined ? ` (;${index};)` : ` ${identifier} (;${index};)`;
  }

  /** The identifiers of a function's locals, by their index. */
  locals(functionIndex: number): ReadonlyMap<number, string> {
    const identifiers = new Map<number, string>();
    const taken = new Set<string>();
    for (const [index, name] of this.#outline.names.localNames(functionIndex)) {
      const identifier = identifierText(taken.has(name) ? `${name}#${index}` : name);
      taken.add(name);
      identifiers.set(index, identifier);
    }
    return identifiers;
  }

  #identifier(kind: NamedKind, index: number): string | undefined {
    const name = this.#nameOf(kind, index);
    if (name === undefined) return undefined;
    const owner = this.#ownersOf(kind).get(name);
    // Of what is not there, there is nothing that an identifier could name.
    if (owner === undefined || index >= this.#countOf(kind)) return undefined;
    return identifierText(owner === index ? name : `${name}#${index}`);
  }

  #nameOf(kind: NamedKind, index: number): string | undefined {
    return kind === 'function' ? this.functionName(index) : this.#outline.names.nameOf(kind, index);
  }

  #ownersOf(kind: NamedKind): ReadonlyMap<string, number> {
    const known = this.#owners.get(kind);
    if (known !== undefined) return known;
    const owners = new Map<string, number>();
    for (let index = 0; index < this.#countOf(kind); index++) {
      const name = this.#nameOf(kind, index);
      if (name !== undefined && !owners.has(name)) owners.set(name, index);
    }
    this.#owners.set(kind, owners);
    return owners;
  }

  #countOf(kind: NamedKind): number {
    const { functions, tables, memories, globals, elements, data, tags } = this.#outline;
    switch (kind) {
      case 'function':
        return functions.count;
      case 'table':
        return tables.length;
      case 'memory':
        return memories.length;
      case 'global':
        return globals.length;
      case 'elem':
        return elements.length;
      case 'data':
        return data.length;
      case 'tag':
        return tags.length;
    }
  }

  #publicName(index: number): string | undefined {
    if (this.#publicNames === undefined) {
      const names = new Map<number, string>();
      for (const { kind, index, module, name } of this.#outline.imports) {
        if (kind === 'function' && name !== '') names.set(index, `${module}.${name}`);
      }
      for (const { kind, index, name } of this.#outline.exports) {
        if (kind === 'function' && name !== '' && !names.has(index)) names.set(index, name);
      }
      this.#publicNames = names;
    }
    return this.#publicNames.get(index);
  }
}

/** A name as an identifier of the text format. */
export function identifierText(name: string): string {
  return PLAIN.test(name) ? `$${name}` : `$${quoted(name)}`;
}

/** A name between quotes; what a reader would not see, such as a change of direction, is escaped. */
export function quoted(name: string): string {
  const escaped = name.replace(/[\p{C}\p{Zl}\p{Zp}"\\]/gu, (character) =>
    character === '"' || character === '\\'
      ? `\\${character}`
      : `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `"${escaped}"`;
}

/*
 * What the transform uses of the AssemblyScript compiler, as types. The compiler's own declarations hold `const enum`s,
 * which a build file by file cannot read; its JavaScript exports the same enums as objects.
 */

export interface AsSource {
  readonly text: string;
  readonly normalizedPath: string;
  readonly sourceKind: number;
  readonly statements: AsNode[];
}

/** A place in a source, UTF-16 code units. */
export interface AsRange {
  readonly start: number;
  readonly end: number;
  readonly source: AsSource;
}

export interface AsNode {
  readonly kind: number;
  readonly range: AsRange;
}

export interface AsIdentifier extends AsNode {
  readonly text: string;
}

export interface AsDecorator extends AsNode {
  readonly name: AsIdentifier;
  readonly args: readonly AsNode[] | null;
}

/** A class; of its members, fields and methods are looked at. */
export interface AsClass extends AsNode {
  readonly name: AsIdentifier;
  readonly decorators: readonly AsDecorator[] | null;
  flags: number;
  readonly typeParameters: readonly AsNode[] | null;
  readonly extendsType: AsNode | null;
  readonly members: readonly AsNode[];
}

export interface AsField extends AsNode {
  readonly name: AsIdentifier;
  readonly decorators: readonly AsDecorator[] | null;
  readonly flags: number;
  readonly type: AsType | null;
}

export interface AsType extends AsNode {
  readonly isNullable: boolean;
  /** For a named type: its name, and the rest of a dotted one. */
  readonly name?: { readonly identifier: AsIdentifier; readonly next: unknown };
  readonly typeArguments?: readonly AsType[] | null;
}

export interface AsParameter extends AsNode {
  parameterKind: number;
  readonly name: AsIdentifier;
  readonly type: AsType;
}

export interface AsFunction extends AsNode {
  readonly name: AsIdentifier;
  readonly decorators: readonly AsDecorator[] | null;
  flags: number;
  readonly typeParameters: readonly AsNode[] | null;
  readonly signature: { readonly parameters: readonly AsParameter[]; readonly returnType: AsType };
}

export interface AsParser {
  readonly sources: readonly AsSource[];
  currentSource: AsSource | null;
  parseFile(text: string, path: string, isEntry: boolean): void;
  parseTopLevelStatement(tokenizer: AsTokenizer, namespace: null): AsNode | null;
  error(code: number, range: AsRange, argument: string): void;
}

export interface AsTokenizer {
  skip(token: number): boolean;
}

/** The compiled module, as the compiler hands it to `afterCompile`. */
export interface AsModule {
  addCustomSection(name: string, content: Uint8Array): void;
}

/** The exports of the package `assemblyscript` that the transform uses. */
export interface AsCompiler {
  readonly NodeKind: Readonly<
    Record<
      'NamedType' | 'FunctionDeclaration' | 'ClassDeclaration' | 'FieldDeclaration' | 'MethodDeclaration',
      number
    >
  >;
  readonly CommonFlags: Readonly<
    Record<'Export' | 'Static' | 'Private' | 'Protected' | 'Readonly' | 'Constructor', number>
  >;
  readonly SourceKind: Readonly<Record<'User' | 'UserEntry', number>>;
  readonly ParameterKind: Readonly<Record<'Default' | 'Rest', number>>;
  readonly DiagnosticCode: Readonly<Record<'User_defined_0', number>>;
  readonly Token: Readonly<Record<'EndOfFile', number>>;
  readonly Range: new (start: number, end: number) => { source: AsSource; start: number; end: number };
  readonly Source: new (sourceKind: number, normalizedPath: string, text: string) => AsSource;
  readonly Tokenizer: new (source: AsSource) => AsTokenizer;
}

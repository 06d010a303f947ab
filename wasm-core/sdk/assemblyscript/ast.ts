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

export interface AsType extends AsNode {
  readonly isNullable: boolean;
  /** For a named type: its name, and the rest of a dotted one. */
  readonly name?: { readonly identifier: AsIdentifier; readonly next: unknown };
  readonly typeArguments?: readonly AsType[] | null;
}

export interface AsParameter extends AsNode {
  readonly parameterKind: number;
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

/** An object literal of a decorator's arguments. */
export interface AsObjectLiteral extends AsNode {
  readonly literalKind: number;
  readonly names: readonly AsIdentifier[];
  readonly values: readonly AsNode[];
}

export interface AsStringLiteral extends AsNode {
  readonly literalKind: number;
  readonly value: string;
}

export interface AsParser {
  readonly sources: readonly AsSource[];
  currentSource: AsSource | null;
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
    Record<'NamedType' | 'FunctionDeclaration' | 'Literal' | 'True' | 'False', number>
  >;
  readonly CommonFlags: Readonly<Record<'Export', number>>;
  readonly SourceKind: Readonly<Record<'User' | 'UserEntry', number>>;
  readonly LiteralKind: Readonly<Record<'Object' | 'String', number>>;
  readonly ParameterKind: Readonly<Record<'Default', number>>;
  readonly DiagnosticCode: Readonly<Record<'User_defined_0', number>>;
  readonly Token: Readonly<Record<'EndOfFile', number>>;
  readonly Source: new (sourceKind: number, normalizedPath: string, text: string) => AsSource;
  readonly Tokenizer: new (source: AsSource) => AsTokenizer;
}

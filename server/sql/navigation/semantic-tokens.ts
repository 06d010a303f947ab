import { type SemanticTokens, SemanticTokensBuilder } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Turns } from '../../turns.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import type { Span, StatementSyntax } from '../syntax/tree.ts';
import { bindStatement } from './binding/bind-statement.ts';
import type { Meaning, Occurrence } from './binding/meaning.ts';

/** What tokens are called, by their numbers; all are of the protocol's own. */
export const TOKEN_TYPES = [
  'class',
  'variable',
  'property',
  'parameter',
  'function',
  'type',
  'event',
  'label',
];
/** `plugin` is ours: a function that a plugin of the workspace gives. */
export const TOKEN_MODIFIERS = ['declaration', 'defaultLibrary', 'plugin'];

/** A name and its colour; positions are those in its statement. */
interface Coloured extends Span {
  readonly type: number;
  readonly isDeclaration: boolean;
  /** Of a function: its name in lower case. */
  readonly called: string | undefined;
}

/** The colours of names, which a grammar cannot tell from one another. */
export class SemanticTokenizer {
  /** What is not edited need not be bound again. */
  private readonly coloured = new WeakMap<StatementSyntax, readonly Coloured[]>();

  constructor(private readonly turns: Turns) {}

  /**
   * The tokens of a document, or of what lies in a part of it.
   *
   * @param options.plugins names of the plugins' functions, in lower case
   * @param options.isCancelled asked between statements; what is there by then is given
   */
  async tokens(
    document: TextDocument,
    statements: readonly PlacedStatement[],
    options: {
      readonly plugins: ReadonlySet<string>;
      readonly part?: Span;
      readonly isCancelled: () => boolean;
    },
  ): Promise<SemanticTokens> {
    const { part, plugins, isCancelled } = options;
    const builder = new SemanticTokensBuilder();
    const wanted = part
      ? statements.filter(({ start, end }) => end >= part.start && start <= part.end)
      : statements;
    const push = ({ start: origin, syntax }: PlacedStatement): void => {
      for (const { start, end, type, isDeclaration, called } of this.namesOf(syntax)) {
        const { line, character } = document.positionAt(origin + start);
        const modifiers = isDeclaration ? 1 : called === undefined ? 0 : plugins.has(called) ? 4 : 2;
        builder.push(line, character, end - start, type, modifiers);
      }
    };
    await this.turns.each(wanted, push, isCancelled);
    return builder.build();
  }

  private namesOf(syntax: StatementSyntax): readonly Coloured[] {
    const known = this.coloured.get(syntax);
    if (known !== undefined) return known;
    const { occurrences } = bindStatement(syntax, { statement: 0, columns: () => undefined });
    const coloured = occurrences.flatMap((occurrence) => colour(syntax.text, occurrence));
    this.coloured.set(syntax, coloured);
    return coloured;
  }
}

function colour(text: string, { place, meanings, isDeclaration }: Occurrence): Coloured[] {
  const [meaning] = meanings;
  const type = meaning && TYPES[meaning.kind];
  const { start, end } = place;
  // A token lies on one line.
  if (meaning === undefined || type === undefined || text.slice(start, end).includes('\n')) return [];
  const called = meaning.kind === 'function' ? meaning.name.toLowerCase() : undefined;
  return [{ start, end, type: TOKEN_TYPES.indexOf(type), isDeclaration, called }];
}

const TYPES: Readonly<Record<Meaning['kind'], string | undefined>> = {
  commonTable: 'class',
  table: 'class',
  alias: 'variable',
  window: 'variable',
  item: 'property',
  column: 'property',
  columnName: 'property',
  field: 'property',
  variable: 'parameter',
  macroParameter: 'parameter',
  parameter: 'parameter',
  argument: 'parameter',
  function: 'function',
  type: 'type',
  // Strings keep their colour.
  file: undefined,
};

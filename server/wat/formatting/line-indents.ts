import { BLOCK_INSTRUCTIONS } from '../syntax/instruction-table.ts';
import type { WatToken } from '../syntax/tokens.ts';

/** Something that lines are indented in: a parenthesis, or a block that is written flat. */
interface Level {
  readonly kind: 'form' | 'annotation' | 'block';
  /** Of the line where it begins. */
  readonly indent: string;
}

/** Words that stand as far left as the block that they belong to. */
const PARTS = new Set(['else', 'catch', 'catch_all', 'end', 'delegate']);

/** Deeper lines stand where these do: nobody sees more, and a text of 100,000 nested forms must not grow a thousandfold. */
const LONGEST_INDENT = 200;

/** Tells how far each line is indented, as one goes through the tokens of a text. */
export class LineIndents {
  private readonly levels: Level[] = [];
  private annotationCount = 0;
  private previous: WatToken | undefined;

  /** @param unit what one level is indented by */
  constructor(private readonly unit: string) {}

  /** The indentation of a line that begins here; with a token, or with a comment or nothing. */
  before(token: WatToken | undefined): string {
    const { levels } = this;
    const innermost = levels.at(-1);
    if (token?.kind === 'close') {
      return levels.findLast(({ kind }) => kind !== 'block')?.indent ?? '';
    }
    if (innermost === undefined) return '';
    const isPart = innermost.kind === 'block' && token !== undefined && PARTS.has(token.text);
    if (isPart || innermost.indent.length >= LONGEST_INDENT) return innermost.indent;
    return innermost.indent + this.unit;
  }

  /** Goes past a token. @param indent of its line */
  pass(token: WatToken, indent: string): void {
    const isFolded = this.previous?.kind === 'open';
    this.previous = token;
    switch (token.kind) {
      case 'open':
        this.levels.push({ kind: 'form', indent });
        break;
      case 'annotation':
        this.annotationCount++;
        this.levels.push({ kind: 'annotation', indent });
        break;
      case 'close':
        this.close();
        break;
      case 'keyword':
        if (!isFolded && this.annotationCount === 0) this.word(token.text, indent);
        break;
      default:
    }
  }

  private close(): void {
    // A block without its end ends with what it stands in.
    while (this.levels.at(-1)?.kind === 'block') this.levels.pop();
    if (this.levels.pop()?.kind === 'annotation') this.annotationCount--;
  }

  private word(word: string, indent: string): void {
    if (BLOCK_INSTRUCTIONS.has(word)) this.levels.push({ kind: 'block', indent });
    else if ((word === 'end' || word === 'delegate') && this.levels.at(-1)?.kind === 'block') {
      this.levels.pop();
    }
  }
}

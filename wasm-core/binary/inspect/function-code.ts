import { ByteReader, malformed } from '../byte-reader.ts';
import type { Identifiers } from './identifiers.ts';
import { InstructionDecoder } from './instruction-decoder.ts';
import { instructionText } from './instruction-text.ts';
import { leniently, type Problem } from './leniently.ts';
import { bodyOf, type ModuleOutline, signatureOf } from './module-outline.ts';
import { NumberList } from './number-list.ts';
import { declarations, readValueTypeText, signatureText } from './type-text.ts';

/** An instruction as a line of text. */
export interface CodeLine {
  /** In the file. */
  readonly offset: number;
  /** How many blocks it stands in; a block's own first and last line stand outside of it. */
  readonly depth: number;
  readonly text: string;
  /** The function that the instruction names. */
  readonly target?: number;
}

/** So many locals of a type, one after the other. */
interface LocalGroup {
  readonly count: number;
  readonly type: string;
}

/** More locals than this are no function that an engine takes; they are counted instead of listed. */
const MAX_LOCALS = 50_000;

/**
 * The code of one function. Where its instructions begin is found once; the text of each is made when it is asked for,
 * since a function may have millions.
 */
export class FunctionCode {
  /** Where the code could not be read on; the lines before it are there. */
  readonly problem: Problem | undefined;
  /** How many locals the function has beside its parameters. */
  readonly localCount: number;
  readonly #outline: ModuleOutline;
  readonly #identifiers: Identifiers;
  readonly #index: number;
  readonly #locals: ReadonlyMap<number, string>;
  readonly #groups: LocalGroup[] = [];
  readonly #offsets = new NumberList();
  readonly #depths = new NumberList();

  /** @param index of a function; one that is imported has no lines */
  constructor(outline: ModuleOutline, identifiers: Identifiers, index: number) {
    this.#outline = outline;
    this.#identifiers = identifiers;
    this.#index = index;
    this.#locals = identifiers.locals(index);
    const body = bodyOf(outline, index);
    this.problem =
      body && leniently(() => this.#findLines(new ByteReader(outline.bytes, body.start, body.end)));
    this.localCount = this.#groups.reduce((sum, { count }) => sum + count, 0);
  }

  /** How many instructions the function has, its `end` included. */
  get lineCount(): number {
    return this.#offsets.length;
  }

  /** @param number below `lineCount` */
  line(number: number): CodeLine {
    const { bytes } = this.#outline;
    const offset = this.#offsets.at(number);
    const depth = this.#depths.at(number);
    const code = new InstructionDecoder(new ByteReader(bytes, offset));
    code.next();
    const scope = { outline: this.#outline, identifiers: this.#identifiers, locals: this.#locals };
    // `else` and its like stand outside of their block, but name labels from within.
    const text = instructionText(code, { ...scope, depth });
    const target = code.form.immediates[0] === 'function' ? code.values[0] : undefined;
    const label = code.form.nesting === 'opens' ? `${text} ;; label = @${depth + 1}` : text;
    return { offset, depth, text: label, ...(target !== undefined && { target }) };
  }

  /** What stands before the instructions: ` $name (;3;) (type 1) (param $p i32)`. */
  heading(): string {
    const { functions } = this.#outline;
    const signature = signatureOf(this.#outline, this.#index);
    const shown = signature === undefined ? '' : signatureText(signature, (index) => this.#locals.get(index));
    const type = this.#index < functions.types.length ? ` (type ${functions.types.at(this.#index)})` : '';
    return `${this.#identifiers.definition('function', this.#index)}${type}${shown}`;
  }

  /** The declaration of the locals: `(local $l i32) (local i64 i64)`, empty for none. */
  localsText(): string {
    if (this.localCount > MAX_LOCALS) return `(; ${this.localCount} locals ;)`;
    const signature = signatureOf(this.#outline, this.#index);
    const first = signature?.parameters.length ?? 0;
    return declarations('local', this.#localTypes(), (place) => this.#locals.get(first + place)).join(' ');
  }

  *#localTypes(): Generator<string> {
    for (const { count, type } of this.#groups) for (let left = count; left > 0; left--) yield type;
  }

  #findLines(reader: ByteReader): void {
    for (let left = reader.u32(); left > 0; left--) {
      this.#groups.push({ count: reader.u32(), type: readValueTypeText(reader) });
    }
    const code = new InstructionDecoder(reader);
    let depth = 0;
    while (!reader.done) {
      code.next();
      const { nesting } = code.form;
      if (nesting === 'closes' || nesting === 'continues') depth--;
      if (depth < 0 && !reader.done)
        throw malformed('there is code behind the end of a function', reader.offset);
      this.#offsets.push(code.start);
      this.#depths.push(Math.max(depth, 0));
      if (nesting === 'opens' || nesting === 'continues') depth++;
    }
    if (depth >= 0) throw malformed('a function ends within a block', reader.offset);
  }
}

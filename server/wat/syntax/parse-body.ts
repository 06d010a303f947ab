import { nearNames } from '../../../wasm-core/protocol/near-names.ts';
import { Cursor, placeOf, written } from './cursor.ts';
import { BLOCK_INSTRUCTIONS, INSTRUCTIONS } from './instruction-table.ts';
import { type Immediates, readImmediates } from './parse-immediates.ts';
import type { WatToken } from './tokens.ts';
import type { WatForm, WatInstruction, WatReference } from './tree.ts';

/**
 * Reads instructions, flat and folded, up to the end of a form; they come in the order of the binary. Nesting is kept on
 * a stack of our own, so that no depth overflows.
 */
export function readBody(cursor: Cursor): WatInstruction[] {
  const reader = new BodyReader();
  reader.read(cursor);
  return reader.instructions;
}

/** Instructions that stand beside each other, and the blocks among them that have no `end` yet. */
interface Sequence {
  readonly kind: 'sequence';
  readonly cursor: Cursor;
  readonly open: WatInstruction[];
  /** The folded block that they are all of, which ends with them. */
  readonly block: WatForm | undefined;
}

/** What is folded into an instruction, which comes behind it. */
interface Operands {
  readonly kind: 'operands';
  readonly cursor: Cursor;
  readonly instruction: WatInstruction | undefined;
}

/** A folded `if` or `try`: operands and arms. */
interface Arms {
  readonly kind: 'if' | 'try';
  readonly cursor: Cursor;
  readonly form: WatForm;
  /** The `if` until its operands are there. */
  pending: WatInstruction | undefined;
  isDelegated: boolean;
}

type Frame = Sequence | Operands | Arms;

/** Words that part a block. */
const PARTS = new Set(['else', 'end', 'catch', 'catch_all', 'delegate']);

class BodyReader {
  readonly instructions: WatInstruction[] = [];
  private readonly stack: Frame[] = [];

  read(cursor: Cursor): void {
    this.sequence(cursor);
    for (let frame = this.stack.at(-1); frame !== undefined; frame = this.stack.at(-1)) {
      if (frame.kind === 'sequence') this.stepSequence(frame);
      else if (frame.kind === 'operands') this.stepOperands(frame);
      else this.stepArms(frame);
    }
  }

  private sequence(cursor: Cursor, block?: WatForm): void {
    this.stack.push({ kind: 'sequence', cursor, open: [], block });
  }

  private stepSequence(frame: Sequence): void {
    const { cursor } = frame;
    const item = cursor.next();
    if (item === undefined) this.endSequence(frame);
    else if (item.kind === 'form') this.folded(cursor, item);
    else if (item.kind !== 'keyword') {
      cursor.fault(item, `${written(item)} does not belong here: expected an instruction.`);
      while (!cursor.isAtEnd && !['form', 'keyword'].includes(cursor.peek()?.kind ?? '')) cursor.next();
    } else if (PARTS.has(item.text)) this.flatPart(frame, item);
    else {
      const instruction = readInstruction(cursor, item, undefined);
      this.instructions.push(instruction);
      if (instruction.isBlock) frame.open.push(instruction);
    }
  }

  private endSequence({ cursor, open, block }: Sequence): void {
    this.stack.pop();
    for (const { name, start, end } of open.reverse()) {
      cursor.fault({ start, end }, `This ${name} has no end: write end behind its instructions.`);
      this.instructions.push(plain('end', undefined, { start: end, end }));
    }
    if (block !== undefined) this.endBlock(block);
  }

  private stepOperands({ cursor, instruction }: Operands): void {
    const item = cursor.next();
    if (item === undefined) {
      this.stack.pop();
      if (instruction !== undefined) this.instructions.push(instruction);
    } else if (item.kind === 'form') this.folded(cursor, item);
    else {
      cursor.fault(
        item,
        `${written(item)} does not belong here: write operands in parentheses, as in (i32.const 1).`,
      );
      while (!cursor.isAtEnd && cursor.peek()?.kind !== 'form') cursor.next();
    }
  }

  /** `else`, `end` and the like of the blocks that are written flat. */
  private flatPart({ cursor, open }: Sequence, word: WatToken): void {
    const block = open.at(-1);
    const name = word.text;
    if (block === undefined || !belongs(name, block.name)) {
      const wanted =
        block === undefined ? 'no block is open here' : `the block that is open here is a ${block.name}`;
      cursor.fault(word, `This ${name} belongs to nothing: ${wanted}.`);
      if (name === 'delegate') cursor.index('label');
      return;
    }
    const references: WatReference[] = [];
    const outer = cursor.references;
    cursor.noting(references);
    if (name === 'catch') cursor.needIndex('tag');
    else if (name === 'delegate') cursor.needIndex('label');
    // The label that may stand again behind `else` and `end`.
    else if (name !== 'catch_all') cursor.index('label');
    cursor.noting(outer);
    if (name === 'end' || name === 'delegate') open.pop();
    this.instructions.push(plain(name, word, cursor.spanFrom(word.start), references));
  }

  private folded(parent: Cursor, form: WatForm): void {
    const cursor = parent.into(form);
    const [word] = form.items;
    if (word === undefined || word.kind !== 'keyword') {
      cursor.fault(placeOf(word ?? form), 'Expected the name of an instruction behind (.');
      this.stack.push({ kind: 'operands', cursor: onlyForms(cursor), instruction: undefined });
    } else if (PARTS.has(word.text) || word.text === 'then' || word.text === 'do') {
      cursor.fault(placeOf(form), `(${word.text} belongs to nothing here.`);
      this.sequence(cursor);
    } else this.foldedInstruction(cursor, form, readInstruction(cursor, word, form));
  }

  private foldedInstruction(cursor: Cursor, form: WatForm, instruction: WatInstruction): void {
    const { name } = instruction;
    if (name === 'if') {
      this.stack.push({ kind: name, cursor, form, pending: instruction, isDelegated: false });
    } else if (name === 'try') {
      this.instructions.push(instruction);
      this.stack.push({ kind: name, cursor, form, pending: undefined, isDelegated: false });
    } else if (instruction.isBlock) {
      this.instructions.push(instruction);
      this.sequence(cursor, form);
    } else if (cursor.isAtEnd) this.instructions.push(instruction);
    else this.stack.push({ kind: 'operands', cursor, instruction });
  }

  private stepArms(frame: Arms): void {
    const { cursor, form, kind, pending } = frame;
    const item = cursor.next();
    if (item === undefined) {
      this.stack.pop();
      if (pending !== undefined) {
        cursor.fault(placeOf(form), 'This if has no (then …).');
        this.instructions.push(pending);
      }
      if (!frame.isDelegated) this.endBlock(form);
    } else if (item.kind === 'form' && isArm(kind, item.head)) this.arm(frame, item);
    else {
      // Operands stand before the arms of an if.
      if (item.kind !== 'form' || pending === undefined) {
        cursor.fault(placeOf(item), `${written(item)} does not belong here: expected ${ARMS[kind]}.`);
      }
      if (item.kind === 'form') this.folded(cursor, item);
    }
  }

  private arm(frame: Arms, item: WatForm): void {
    if (frame.pending !== undefined) this.instructions.push(frame.pending);
    frame.pending = undefined;
    const references: WatReference[] = [];
    const inside = frame.cursor.into(item).noting(references);
    if (item.head === 'catch') inside.needIndex('tag');
    if (item.head === 'delegate') {
      inside.needIndex('label');
      frame.isDelegated = true;
    }
    inside.noting(frame.cursor.references);
    const [word] = item.items;
    if (item.head !== 'then' && item.head !== 'do' && word !== undefined && word.kind !== 'form') {
      this.instructions.push(plain(item.head, word, word, references));
    }
    this.sequence(inside);
  }

  private endBlock({ close, end }: WatForm): void {
    this.instructions.push(plain('end', close, { start: close?.start ?? end, end }));
  }
}

/** Shared, since most instructions name nothing. */
const NOTHING: readonly WatReference[] = [];
const NO_IMMEDIATES: Immediates = {};

/** Reads the immediates of an instruction. */
function readInstruction(cursor: Cursor, word: WatToken, form: WatForm | undefined): WatInstruction {
  const name = word.text;
  const kinds = INSTRUCTIONS.get(name);
  let references = NOTHING;
  let found = NO_IMMEDIATES;
  if (kinds === undefined) {
    cursor.fault(word, unknownInstruction(name, cursor.faults.length));
    // What follows a word that is not known may be anything.
    while (['id', 'number', 'string'].includes(cursor.peek()?.kind ?? '')) cursor.next();
  } else if (kinds.length > 0) {
    const outer = cursor.references;
    const own: WatReference[] = [];
    found = readImmediates(cursor.noting(own), name, kinds);
    cursor.noting(outer);
    references = own;
  }
  return {
    name,
    word,
    start: word.start,
    end: Math.max(cursor.lastEnd, word.end),
    form,
    references,
    label: found.label,
    typeUse: found.typeUse,
    isBlock: BLOCK_INSTRUCTIONS.has(name),
  };
}

/** A part or an end of a block. */
function plain(
  name: string,
  word: WatToken | undefined,
  { start, end }: { readonly start: number; readonly end: number },
  references = NOTHING,
): WatInstruction {
  return {
    name,
    word,
    start,
    end,
    form: undefined,
    references,
    label: undefined,
    typeUse: undefined,
    isBlock: false,
  };
}

const ARMS = { if: '(then …) or (else …)', try: '(do …), (catch …), (catch_all …) or (delegate …)' };

function isArm(kind: 'if' | 'try', head: string): boolean {
  if (kind === 'if') return head === 'then' || head === 'else';
  return ['do', 'catch', 'catch_all', 'delegate'].includes(head);
}

function belongs(part: string, block: string): boolean {
  if (part === 'else') return block === 'if';
  return part === 'end' || block === 'try';
}

/** The forms of a form, for one of which all that can be told was told already. */
function onlyForms({ items, form, faults, references }: Cursor): Cursor {
  const forms = items.filter((item) => item.kind === 'form');
  return new Cursor(forms, form, faults, references);
}

/** Looking for the nearest word takes long, so it is done for the first faults alone. */
const MOST_HINTS = 20;

function unknownInstruction(name: string, faultCount: number): string {
  const [near] = faultCount < MOST_HINTS ? nearNames(name, INSTRUCTIONS.keys(), 1) : [];
  return `There is no instruction ${name}${near === undefined ? '.' : `; did you mean ${near}?`}`;
}

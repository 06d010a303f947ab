import { malformed } from './byte-reader.ts';
import type { InstructionReader } from './instruction-reader.ts';
import { OP } from './opcodes.ts';

/** Something to put into a body before the byte at `offset`. */
export type Edit =
  | {
      readonly kind: 'charge';
      readonly offset: number;
      /** Position behind the segment's last operator. */
      end: number;
      /** Fuel of the operators from here to the end of the segment; 0 or more. */
      cost: number;
      /** Whether to look here if any fuel is left. */
      isChecked: boolean;
      /** Whether the counter has to be taken from its global first: at the entry and after a call. */
      readonly reload: boolean;
    }
  /** Before control leaves the function: the cached counter goes back to its global. */
  | { readonly kind: 'spill'; readonly offset: number }
  /** Before control leaves a profiled function other than by its end or a branch there. */
  | { readonly kind: 'exit'; readonly offset: number }
  /** Before an operator whose cost is also the number on top of the stack. */
  | { readonly kind: 'bulk'; readonly offset: number; readonly growsTable: boolean };

/** What is to be done to a body. */
export interface BodyPlan {
  /** By rising offset. */
  readonly edits: readonly Edit[];
  readonly hasLoop: boolean;
  /** Whether it catches exceptions, which arrive without passing one of our spills. */
  readonly hasTry: boolean;
  readonly hasBulk: boolean;
  /** Whether it may change what a snapshot of memory and globals does not hold: tables and segments. */
  readonly changesTables: boolean;
}

/**
 * Plans the metering of a body. Operators that run one after the other whenever the first runs form a segment, which is
 * charged as a whole where it begins. Fuel is looked at on entry, in every loop header, and where more than
 * `MAX_UNCHECKED` would be spent on a path without a look: so no run gets far past its limit, however it is written.
 *
 * @param instructions at the first instruction
 * @param options.end position behind the body
 * @param options.isProfiled whether every segment is to be counted, and every way out told
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED
 */
export function planBody(
  instructions: InstructionReader,
  options: { readonly end: number; readonly isProfiled: boolean },
): BodyPlan {
  const planner = new BodyPlanner(instructions, options.isProfiled);
  planner.run(options.end);
  return planner;
}

/**
 * Fuel that a function may spend between two looks. Frames of a deep recursion that all return could each spend as
 * much: 100,000 of them together stay below 2^31, so that the counter does not wrap around.
 */
const MAX_UNCHECKED = 1000;

/** A block that is open. */
interface Frame {
  kind: number;
  /** Whether its first instruction can be reached. */
  readonly isEntered: boolean;
  /** The most that was spent since the last look where it began. */
  readonly spentAtStart: number;
  /** The same on a path to its end by a branch; -1 when none leads there. */
  spentAtEnd: number;
}

/** Instructions that leave a function for good, apart from exceptions. */
const EXITS: ReadonlySet<number> = new Set([OP.return, OP.returnCall, OP.returnCallIndirect]);

/** The kind of the frame that is the body itself. */
const FUNCTION = -1;

type Charge = Extract<Edit, { kind: 'charge' }>;

class BodyPlanner implements BodyPlan {
  readonly edits: Edit[] = [];
  hasLoop = false;
  hasTry = false;
  hasBulk = false;
  changesTables = false;
  private readonly code: InstructionReader;
  private readonly isProfiled: boolean;
  private readonly frames: Frame[] = [];
  private segment: Charge;
  /** Whether the instruction at hand can be reached, as validation sees it. */
  private isLive = true;
  /** The most that was spent since the last look on a path to the segment at hand. */
  private spent = 0;

  constructor(code: InstructionReader, isProfiled: boolean) {
    this.code = code;
    this.isProfiled = isProfiled;
    this.frames.push({ kind: FUNCTION, isEntered: true, spentAtStart: 0, spentAtEnd: -1 });
    this.segment = this.begin({ isChecked: true, reload: true });
  }

  run(end: number): void {
    while (this.frames.length > 0) {
      if (this.code.position >= end) throw malformed('a function body has no end', end);
      this.take(this.code.next());
    }
    if (this.code.position !== end) throw malformed('a function body goes on behind its end', end);
    this.segment.end = end;
  }

  private take(op: number): void {
    if (op > OP.tryTable) this.takeOperator(op);
    else if (op >= OP.throw && op <= OP.returnCallIndirect && op !== OP.end) this.takeJump(op);
    else if (op === OP.drop || op === OP.nop) return;
    else if (op > OP.drop && op < OP.tryTable) this.segment.cost += 1;
    else this.takeStructure(op);
  }

  private takeOperator(op: number): void {
    this.segment.cost += 1;
    if (op === OP.tableSet || op === OP.dataDrop || op === OP.elemDrop) this.changesTables = true;
    if (op < OP.memoryInit || op > OP.tableFill || op === OP.dataDrop || op === OP.elemDrop) return;
    if (op === OP.tableSize) return;
    if (op >= OP.tableInit) this.changesTables = true;
    if (!this.isLive) return;
    this.hasBulk = true;
    this.edits.push({ kind: 'bulk', offset: this.code.start, growsTable: op === OP.tableGrow });
  }

  private takeStructure(op: number) {
    switch (op) {
      case OP.block:
        return this.push(op);
      case OP.try:
        this.hasTry = true;
        return this.push(op);
      case OP.tryTable:
        this.hasTry = true;
        for (const label of this.code.labels) this.reach(label, MAX_UNCHECKED);
        return this.push(op);
      case OP.loop:
        this.hasLoop = true;
        this.close();
        this.push(op);
        this.segment = this.open({ isChecked: true });
        return;
      case OP.if:
        this.segment.cost += 1;
        this.close();
        this.push(op);
        this.segment = this.open();
        return;
      case OP.else:
      case OP.catch:
      case OP.catchAll:
        return this.takeArm(op);
      case OP.end:
      case OP.delegate:
        return this.takeEnd(op);
      case OP.unreachable:
        this.leave({ isLast: true });
        return this.die();
    }
  }

  private takeJump(op: number): void {
    if (op !== OP.return) this.segment.cost += 1;
    const isCall = op === OP.call || op === OP.callIndirect;
    if (op === OP.br || op === OP.brIf || op === OP.brTable || op === OP.rethrow) this.takeBranch(op);
    else this.leave({ isLast: !isCall });
    if (EXITS.has(op) && this.isProfiled && this.isLive) {
      this.edits.push({ kind: 'exit', offset: this.code.start });
    }
    if (isCall) this.segment = this.open({ reload: true });
    else if (op === OP.brIf) this.segment = this.open();
    else this.die();
  }

  private takeBranch(op: number): void {
    const { labels } = this.code;
    const depths = this.frames.length - 1;
    const leavesFunction = op === OP.rethrow || labels.some((label) => label === depths);
    if (leavesFunction) this.leave({ isLast: op !== OP.brIf });
    else this.close();
    for (const label of labels) {
      if (label > depths) throw malformed(`label ${label} is not there`, this.code.start);
      if (op !== OP.rethrow) this.reach(label, this.spent);
    }
  }

  /** `else` and `catch`: what follows is reached from the beginning of the block, not from what stands before it. */
  private takeArm(op: number): void {
    const frame = this.frames.at(-1);
    const isCatch = op !== OP.else;
    const fits = isCatch ? frame?.kind === OP.try || frame?.kind === OP.catch : frame?.kind === OP.if;
    if (frame === undefined || !fits) throw malformed('an arm of a block is out of place', this.code.start);
    this.close();
    if (this.isLive) frame.spentAtEnd = Math.max(frame.spentAtEnd, this.spent);
    frame.kind = op;
    this.isLive = frame.isEntered;
    this.spent = isCatch ? MAX_UNCHECKED : frame.spentAtStart;
    this.segment = this.open();
  }

  private takeEnd(op: number): void {
    const frame = this.frames.at(-1);
    if (frame === undefined || (op === OP.delegate && frame.kind !== OP.try)) {
      throw malformed('delegate stands outside of a try', this.code.start);
    }
    if (frame.kind === FUNCTION) this.leave({ isLast: true });
    this.frames.pop();
    if (op === OP.delegate) this.checkLabel();
    const isOneArmed = frame.kind === OP.if;
    const joins = frame.spentAtEnd >= 0 || isOneArmed;
    // Nothing but the code before it leads to the end of a block without branches to it: the segment goes on.
    if (!joins || frame.kind === FUNCTION) return;
    this.close();
    const before = this.isLive ? this.spent : -1;
    this.spent = Math.max(before, frame.spentAtEnd, isOneArmed ? frame.spentAtStart : -1);
    this.isLive = this.isLive || frame.spentAtEnd >= 0 || (isOneArmed && frame.isEntered);
    this.segment = this.open();
  }

  private checkLabel(): void {
    const label = this.code.labels[0] ?? 0;
    if (label >= this.frames.length) throw malformed(`label ${label} is not there`, this.code.start);
  }

  private push(kind: number): void {
    this.frames.push({ kind, isEntered: this.isLive, spentAtStart: this.spent, spentAtEnd: -1 });
  }

  /** Takes down that a branch from here leads to a label with so much spent. A loop looks for itself. */
  private reach(label: number, spent: number): void {
    const frame = this.frames[this.frames.length - 1 - label];
    if (frame === undefined) throw malformed(`label ${label} is not there`, this.code.start);
    if (this.isLive && frame.kind !== OP.loop) frame.spentAtEnd = Math.max(frame.spentAtEnd, spent);
  }

  private open(options: { readonly isChecked?: boolean; readonly reload?: boolean } = {}): Charge {
    this.segment.end = this.code.position;
    return this.begin(options);
  }

  private begin({ isChecked = false, reload = false }): Charge {
    const offset = this.code.position;
    const segment: Charge = { kind: 'charge', offset, end: offset, cost: 0, isChecked, reload };
    // Code that is never reached is not charged: its segments are left out of the plan.
    if (this.isLive) this.edits.push(segment);
    return segment;
  }

  private close(): void {
    const { segment } = this;
    const isFreeEntry = segment.reload && segment.cost === 0;
    if (isFreeEntry) segment.isChecked = false;
    if (this.spent + segment.cost > MAX_UNCHECKED) segment.isChecked = true;
    this.spent = segment.isChecked ? 0 : this.spent + segment.cost;
  }

  /** Closes the segment at an instruction that hands control to other code. */
  private leave({ isLast }: { readonly isLast: boolean }): void {
    this.close();
    if (!this.isLive) return;
    const { segment } = this;
    const isUntouched = segment.reload && !segment.isChecked && segment.cost === 0;
    // The counter was not changed since it came from its global, and nobody asks for it any more.
    if (isUntouched && isLast && !this.isProfiled && this.edits.at(-1) === segment) this.edits.pop();
    else this.edits.push({ kind: 'spill', offset: this.code.start });
  }

  private die(): void {
    this.isLive = false;
    this.segment = this.open();
  }
}

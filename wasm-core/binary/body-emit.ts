import type { BodyPlan, Edit } from './body-plan.ts';
import type { ByteSink } from './byte-sink.ts';
import type { FuelIndices } from './control-functions.ts';
import { CHUNK } from './control-functions.ts';
import type { OffsetMapBuilder } from './offset-map.ts';
import { OP, VOID_BLOCK } from './opcodes.ts';
import type { BodyProfile } from './profile/profile-recorder.ts';
import type { ByteRange } from './wasm-module.ts';

/** A body and what is to be done to it. */
export interface BodyToEmit {
  readonly bytes: Uint8Array;
  readonly body: ByteRange;
  /** Number of groups in its local declarations. */
  readonly localGroups: number;
  /** Position of the first group. */
  readonly groupsStart: number;
  /** Position of the first instruction. */
  readonly codeStart: number;
  /** Parameters and declared locals. */
  readonly localCount: number;
  readonly plan: BodyPlan;
  /** Writes what counts and tells; absent when the function is not profiled. */
  readonly profile?: BodyProfile | undefined;
}

/** Takes what happens to the bytes of one body. */
export type BodySteps = Pick<OffsetMapBuilder, 'skip' | 'insert' | 'copy'>;

/**
 * Writes a metered body, without its byte length.
 *
 * @param sink takes the bytes
 * @param steps takes what became of the original's bytes
 */
export function emitBody(
  given: BodyToEmit,
  to: { readonly sink: ByteSink; readonly steps: BodySteps; readonly fuel: FuelIndices },
): void {
  new BodyEmitter(given, to).run();
}

/** V8's own limit (src/wasm/wasm-limits.h, kV8MaxWasmTableSize). */
const MOST_TABLE_ELEMENTS = 10_000_000;

/** Segments that a function without a loop may have before a cached counter is worth its two extra moves. */
const MAX_UNCACHED_CHARGES = 2;

class BodyEmitter {
  private readonly sink: ByteSink;
  private readonly steps: BodySteps;
  private readonly fuel: FuelIndices;
  private readonly given: BodyToEmit;
  /** Whether the counter lives in a local while the function runs. */
  private readonly isCached: boolean;
  private readonly counterLocal: number;
  private readonly sizeLocal: number;
  /** Where a profiled function that catches exceptions keeps how deep it was called. */
  private readonly depthLocal: number;

  constructor(given: BodyToEmit, to: Parameters<typeof emitBody>[1]) {
    const { plan, localCount } = given;
    this.given = given;
    this.sink = to.sink;
    this.steps = to.steps;
    this.fuel = to.fuel;
    const chargeCount = plan.edits.reduce((n, edit) => n + (edit.kind === 'charge' ? 1 : 0), 0);
    this.isCached = !plan.hasTry && (plan.hasLoop || chargeCount > MAX_UNCACHED_CHARGES);
    this.counterLocal = localCount;
    this.sizeLocal = this.isCached ? localCount + 1 : localCount;
    this.depthLocal = this.sizeLocal + (plan.hasBulk ? 1 : 0);
  }

  run(): void {
    const { body, codeStart, plan, profile } = this.given;
    this.locals();
    let from = codeStart;
    if (profile) this.insert(() => profile.enter(this.sink, this.keptDepth));
    for (const edit of plan.edits) {
      this.copy(from, edit.offset);
      from = edit.offset;
      this.insert(() => this.edit(edit));
    }
    if (profile) {
      this.copy(from, body.end - 1);
      from = body.end - 1;
      this.insert(() => profile.close(this.sink));
    }
    this.copy(from, body.end);
  }

  private insert(write: () => void): void {
    const before = this.sink.byteLength;
    write();
    this.steps.insert(this.sink.byteLength - before);
  }

  /** Exceptions arrive without passing the ends of the functions that they leave, so whoever catches them has to tell. */
  private get keptDepth(): number | undefined {
    const { plan, profile } = this.given;
    return profile !== undefined && plan.hasTry ? this.depthLocal : undefined;
  }

  private locals() {
    const { body, localGroups, groupsStart, codeStart, plan } = this.given;
    const kept = this.keptDepth === undefined ? 0 : 1;
    const added = (this.isCached ? 1 : 0) + (plan.hasBulk ? 1 : 0) + kept;
    if (added === 0) return this.copy(body.start, codeStart);
    const before = this.sink.byteLength;
    this.sink.u32(localGroups + 1);
    this.steps.skip(groupsStart - body.start);
    this.steps.insert(this.sink.byteLength - before);
    this.copy(groupsStart, codeStart);
    this.sink.put([added, I32]);
    this.steps.insert(2);
  }

  private copy(start: number, end: number): void {
    this.sink.put(this.given.bytes.subarray(start, end));
    this.steps.copy(end - start);
  }

  private edit(edit: Edit): void {
    const { profile, bytes } = this.given;
    if (edit.kind === 'bulk') this.bulk(edit);
    else if (edit.kind === 'spill') this.spill();
    else if (edit.kind === 'exit') profile?.exit(this.sink);
    else {
      profile?.count(this.sink, { segment: edit, bytes, depthLocal: this.keptDepth });
      if (this.isCached) this.chargeCached(edit);
      else this.chargeGlobal(edit);
    }
  }

  private chargeCached(edit: Extract<Edit, { kind: 'charge' }>): void {
    const { sink } = this;
    if (!edit.reload && !edit.isChecked && edit.cost === 0) return;
    if (edit.reload) this.op(OP.globalGet, this.fuel.counter);
    else this.op(OP.localGet, this.counterLocal);
    this.subtract(edit.cost);
    this.op(edit.isChecked ? OP.localTee : OP.localSet, this.counterLocal);
    if (!edit.isChecked) return;
    this.ifNegative();
    this.ifReserve();
    this.op(OP.localGet, this.counterLocal);
    this.constant(CHUNK);
    sink.u8(OP.i32Add);
    this.op(OP.localSet, this.counterLocal);
    sink.u8(OP.else);
    this.spill();
    this.exhausted();
    sink.put([OP.end, OP.end]);
  }

  private chargeGlobal(edit: Extract<Edit, { kind: 'charge' }>): void {
    const { sink, fuel } = this;
    if (edit.cost > 0) {
      this.op(OP.globalGet, fuel.counter);
      this.subtract(edit.cost);
      this.op(OP.globalSet, fuel.counter);
    }
    if (!edit.isChecked) return;
    this.op(OP.globalGet, fuel.counter);
    this.ifNegative();
    this.ifReserve();
    this.op(OP.globalGet, fuel.counter);
    this.constant(CHUNK);
    sink.u8(OP.i32Add);
    this.op(OP.globalSet, fuel.counter);
    sink.u8(OP.else);
    this.exhausted();
    sink.put([OP.end, OP.end]);
  }

  /** With the number on the stack: leaves it there. */
  private bulk({ growsTable, offset }: Extract<Edit, { kind: 'bulk' }>): void {
    this.op(OP.localTee, this.sizeLocal);
    this.op(OP.localGet, this.sizeLocal);
    if (growsTable) this.onlyPossibleGrowth();
    this.spill();
    this.op(OP.call, this.fuel.charge);
    this.given.profile?.countBulk(this.sink, offset, () => {
      this.op(OP.localGet, this.sizeLocal);
      if (growsTable) this.onlyPossibleGrowth();
    });
    if (!this.isCached) return;
    this.op(OP.globalGet, this.fuel.counter);
    this.op(OP.localSet, this.counterLocal);
  }

  /** A table that is asked to grow past what any table has does not, and costs nothing: the size becomes 0. */
  private onlyPossibleGrowth(): void {
    this.constant(0);
    this.op(OP.localGet, this.sizeLocal);
    this.constant(MOST_TABLE_ELEMENTS);
    this.sink.put([OP.i32LeU, OP.select]);
  }

  private spill(): void {
    if (!this.isCached) return;
    this.op(OP.localGet, this.counterLocal);
    this.op(OP.globalSet, this.fuel.counter);
  }

  private ifNegative(): void {
    this.constant(0);
    this.sink.put([OP.i32LtS, OP.if, VOID_BLOCK]);
  }

  /** Opens the arm for a reserve that has a chunk left, and takes it. */
  private ifReserve(): void {
    const { reserve } = this.fuel;
    this.op(OP.globalGet, reserve);
    this.constant(0);
    this.sink.put([OP.i32GtS, OP.if, VOID_BLOCK]);
    this.op(OP.globalGet, reserve);
    this.subtract(1);
    this.op(OP.globalSet, reserve);
  }

  private exhausted(): void {
    this.constant(-1);
    this.op(OP.globalSet, this.fuel.reserve);
    this.sink.u8(OP.unreachable);
  }

  private subtract(amount: number): void {
    if (amount === 0) return;
    this.constant(amount);
    this.sink.u8(OP.i32Sub);
  }

  private constant(value: number): void {
    this.sink.u8(OP.i32Const);
    this.sink.s32(value);
  }

  private op(op: number, index: number): void {
    this.sink.u8(op);
    this.sink.u32(index);
  }
}

const I32 = 0x7f;

import { emitBody } from './body-emit.ts';
import { type BodyPlan, planBody } from './body-plan.ts';
import { ByteReader, malformed, unsupported } from './byte-reader.ts';
import { ByteSink } from './byte-sink.ts';
import type { FuelIndices } from './control-functions.ts';
import { type InlineBody, linkInline, readInline, type UnlinkedBody } from './inline-body.ts';
import { type IndexCounts, InstructionReader } from './instruction-reader.ts';
import { OffsetMapBuilder } from './offset-map.ts';
import type { BodyProfile, ProfileRecorder } from './profile/profile-recorder.ts';
import { readValueType } from './read-types.ts';
import { type ByteRange, type FunctionType, importedCount, SECTION, type WasmModule } from './wasm-module.ts';

/** What `rewriteCode` makes of the code section. */
export interface RewrittenCode {
  /** The content of the new section. */
  readonly payload: Uint8Array;
  /** The `steps` of an `OffsetMap`. */
  readonly steps: Uint8Array;
  /** Whether a body changes what a snapshot of memory and globals does not hold. */
  readonly changesTables: boolean;
  /** Of the exported functions that compute on their parameters alone, by the names of their exports. */
  readonly inlines: ReadonlyMap<string, InlineBody>;
}

/**
 * Rewrites the code section: checks every body, meters it when there is fuel, and puts our functions behind.
 *
 * @param options.fuel absent: bodies are copied
 * @param options.profile counts what runs; its readers are appended, too
 * @param options.added bodies of the functions to append
 * @throws CoreError FORMAT_WASM, FORMAT_UNSUPPORTED
 */
export function rewriteCode(
  module: WasmModule,
  options: {
    readonly fuel?: FuelIndices;
    readonly profile?: ProfileRecorder | undefined;
    readonly added: readonly Uint8Array[];
  },
): RewrittenCode {
  const rewriter = new CodeRewriter(module, options);
  return rewriter.run(options.added);
}

/** V8's limits: https://source.chromium.org/chromium/chromium/src/+/main:v8/src/wasm/wasm-limits.h. */
const MAX_LOCALS = 50_000;
const MAX_BODY_BYTES = 7_654_321;

/** The locals that metering may add; a profile adds one more. */
const ADDED_LOCALS = 2;

class CodeRewriter {
  private readonly module: WasmModule;
  private readonly fuel: FuelIndices | undefined;
  private readonly profile: ProfileRecorder | undefined;
  private readonly sink: ByteSink;
  private readonly map = new OffsetMapBuilder();
  private readonly counts: Omit<IndexCounts, 'local'>;
  private readonly unlinked = new Map<number, UnlinkedBody>();
  private changesTables = false;

  constructor(module: WasmModule, options: Omit<Parameters<typeof rewriteCode>[1], 'added'>) {
    this.module = module;
    this.fuel = options.fuel;
    this.profile = options.profile;
    this.sink = new ByteSink(module.bytes.byteLength + 256);
    this.counts = {
      type: module.types.length,
      function: module.functions.length,
      table: module.tables.length,
      memory: module.memories.length,
      global: module.globals.length,
      tag: module.tags.length,
    };
  }

  run(added: readonly Uint8Array[]): RewrittenCode {
    const { module, sink, map } = this;
    const section = module.sections.find((s) => s.id === SECTION.code);
    let from = section?.payloadStart ?? 0;
    // How many functions read counters is known only when all code is.
    if (this.profile) sink.padded(0);
    else sink.u32(module.bodies.length + added.length);
    map.insert(sink.byteLength);
    const firstFunction = importedCount(module, 'function');
    for (const [index, body] of module.bodies.entries()) {
      const type = module.functions[firstFunction + index];
      // What lies between two bodies is the length of the second, or at first the count of all.
      map.skip(body.start - from);
      const start = this.rewriteBody(body, firstFunction + index);
      if (this.profile === undefined) this.findInline(firstFunction + index, { type, start });
      from = body.end;
    }
    if (section && module.bodies.length === 0) map.skip(section.end - section.payloadStart);
    const appended = [...added, ...(this.profile?.readers() ?? []).map(({ body }) => body)];
    for (const body of appended) {
      sink.u32(body.byteLength);
      sink.put(body);
    }
    if (this.profile) sink.padded(module.bodies.length + appended.length, 0);
    const inlines = new Map<string, InlineBody>();
    for (const [name, index] of module.exportedFunctions) {
      const inline =
        module.functions[index]?.results.length === 1 ? linkInline(index, this.unlinked) : undefined;
      if (inline !== undefined) inlines.set(name, inline);
    }
    return { payload: sink.toBytes(), steps: map.finish(), changesTables: this.changesTables, inlines };
  }

  /** @param at.start where the rewritten body begins */
  private findInline(
    index: number,
    at: { readonly type: FunctionType | undefined; readonly start: number },
  ): void {
    const { counts, fuel, sink } = this;
    if (at.type === undefined || at.type.results.length > 1) return;
    const withFuel = { ...counts, function: counts.function + 1, global: counts.global + 2 };
    const body = sink.view().subarray(at.start);
    const read = readInline(body, { type: at.type, fuel, counts: fuel === undefined ? counts : withFuel });
    if (read !== undefined) this.unlinked.set(index, read);
  }

  /** @returns where the body begins in what is written */
  private rewriteBody(body: ByteRange, index: number): number {
    const { bytes, functions } = this.module;
    const { parameters, results } = functions[index] ?? { parameters: [], results: [] };
    const reader = new ByteReader(bytes, body.start, body.end);
    const locals = readLocals(reader);
    const localCount = parameters.length + locals.count;
    const codeStart = reader.offset;
    const code = new InstructionReader(reader, { ...this.counts, local: localCount });
    const plan = planBody(code, { end: body.end, isProfiled: this.profile !== undefined });
    this.changesTables ||= plan.changesTables;
    if (this.fuel === undefined || plan.edits.length === 0) return this.copyBody(body);
    if (localCount + ADDED_LOCALS + (this.profile ? 1 : 0) > MAX_LOCALS) {
      throw unsupported(`a function with ${localCount} locals`, body.start);
    }
    const profile = this.profile?.body(index, results);
    return this.meterBody(body, { locals, localCount, codeStart, plan, profile }, this.fuel);
  }

  private copyBody(body: ByteRange): number {
    const byteLength = body.end - body.start;
    const before = this.sink.byteLength;
    this.sink.u32(byteLength);
    this.map.insert(this.sink.byteLength - before);
    const start = this.sink.byteLength;
    this.sink.put(this.module.bytes.subarray(body.start, body.end));
    this.map.copy(byteLength);
    return start;
  }

  private meterBody(
    body: ByteRange,
    found: {
      readonly locals: Locals;
      readonly localCount: number;
      readonly codeStart: number;
      readonly plan: BodyPlan;
      readonly profile: BodyProfile | undefined;
    },
    fuel: FuelIndices,
  ): number {
    const { sink, map } = this;
    const lengthAt = sink.byteLength;
    // The length is known only behind the body, so it gets as many bytes as the longest one needs.
    sink.padded(0);
    map.insert(sink.byteLength - lengthAt);
    const start = sink.byteLength;
    const { locals, ...rest } = found;
    const { groups: localGroups, groupsStart } = locals;
    emitBody(
      { ...rest, body, bytes: this.module.bytes, localGroups, groupsStart },
      { sink, steps: map, fuel },
    );
    const byteLength = sink.byteLength - start;
    if (byteLength > MAX_BODY_BYTES) {
      throw unsupported(`a function of ${body.end - body.start} bytes`, body.start);
    }
    sink.padded(byteLength, lengthAt);
    return start;
  }
}

interface Locals {
  readonly groups: number;
  readonly groupsStart: number;
  readonly count: number;
}

/** Reads the local declarations of a body; groups are not expanded, so a false count takes no memory. */
function readLocals(reader: ByteReader): Locals {
  const groups = reader.u32();
  const groupsStart = reader.offset;
  let count = 0;
  for (let left = groups; left > 0; left--) {
    const offset = reader.offset;
    count += reader.u32();
    if (count > MAX_LOCALS) throw malformed(`a function has more than ${MAX_LOCALS} locals`, offset);
    readValueType(reader);
  }
  return { groups, groupsStart, count };
}

import { CoreError } from '../protocol/errors.ts';
import { ByteReader, malformed, unsupported } from './byte-reader.ts';
import { u32Bytes } from './byte-writer.ts';
import {
  type AddedFunction,
  CONTROL_EXPORT,
  CONTROL_PREFIX,
  chargeFunction,
  controlFunction,
  type FuelIndices,
  zeroGlobal,
} from './control-functions.ts';
import type { InlineBody } from './inline-body.ts';
import type { OffsetMap } from './offset-map.ts';
import { COUNTERS_EXPORT, HOOKS_EXPORT, type ProfileMap } from './profile/profile-map.ts';
import { hooksTableBytes, ProfileRecorder } from './profile/profile-recorder.ts';
import { rewriteCode } from './rewrite-code.ts';
import { ownMemory, withImportedMemory } from './rewrite-memory.ts';
import {
  exportBytes,
  functionTypeBytes,
  sectionOf,
  withEntries,
  withEntriesBehind,
  withSections,
} from './rewrite-sections.ts';
import { withCappedTables } from './rewrite-tables.ts';
import { importedCount, type MemoryLimits, SECTION, type WasmModule } from './wasm-module.ts';

/** Raise this when the rewritten bytes of the same module change. */
export const REWRITER_VERSION = 2;

/** How a module is rewritten. */
export interface RewriteOptions {
  /** Whether to count fuel; without, the module still takes its memory from us and is still capped. */
  readonly metered: boolean;
  /** Whether a metered module also counts what it executes, and tells of its calls: see docs/profiling.md. */
  readonly profiled?: boolean;
}

/** A module as V8 gets it. */
export interface RewrittenModule {
  readonly bytes: Uint8Array;
  /** The memory, as declared; absent when it has none, or imports one that is not `env.memory`. */
  readonly memory?: MemoryLimits;
  /** Whether it has a start function, which runs only when the host calls `quern:control` with `CONTROL.start`. */
  readonly hasStart: boolean;
  /** Whether its memory's bytes and the globals that `CONTROL.save` saves are all its state. */
  readonly resettable: boolean;
  readonly offsets: OffsetMap;
  /** The code of exported functions that compute on their parameters alone, metered as in `bytes`, by export. */
  readonly inlines: ReadonlyMap<string, InlineBody>;
  /** What the counters of a profiled module count. */
  readonly profile?: ProfileMap;
}

/**
 * Makes a module one that the host controls: it takes its memory from us, counts its fuel, cannot grow its tables
 * without end, and starts when it is told. All that is added comes behind what is there, so no index changes. See
 * docs/metering.md. Takes time and space linear in the file's size.
 *
 * @param module a module that V8 takes; of another the rewriter finds many faults, but not those of types
 * @throws CoreError FORMAT_WASM with `{offset}`; FORMAT_UNSUPPORTED with `{offset, feature}` for instructions of
 *   proposals that Quern does not read, an export whose name begins with `quern:`, and modules at V8's limits;
 *   MEMORY_LIMIT for tables that begin with more than 1,000,000 elements
 */
export function rewriteModule(module: WasmModule, options: RewriteOptions): RewrittenModule {
  checkExports(module);
  checkStart(module);
  checkLimits(module);
  const additions = planAdditions(module, options);
  const { fuel, profile, functions } = additions;
  const memory = ownMemory(module);
  const code = rewriteCode(module, { ...(fuel && { fuel }), profile, added: functions.map((f) => f.body) });
  const edits = new Map<number, Uint8Array | undefined>(additionEdits(module, additions));
  edits.set(SECTION.code, code.payload);
  if (module.start !== undefined) edits.set(SECTION.start, undefined);
  const tables = withCappedTables(module);
  if (profile) edits.set(SECTION.table, withEntriesBehind(tables, [hooksTableBytes()]));
  else if (tables) edits.set(SECTION.table, tables);
  if (memory) edits.set(SECTION.import, withImportedMemory(module, memory));
  if (memory && !memory.imported) edits.set(SECTION.memory, undefined);
  const bytes = withSections(module, edits);
  return {
    bytes,
    ...(memory && { memory: memory.limits }),
    hasStart: module.start !== undefined,
    resettable: !code.changesTables && isSelfContained(module),
    offsets: {
      originalStart: sectionOf(module, SECTION.code)?.payloadStart ?? 0,
      rewrittenStart: codeStart(bytes),
      steps: code.steps,
    },
    inlines: code.inlines,
    ...(profile && { profile: profile.map() }),
  };
}

/** What is added to a module. */
interface Additions {
  readonly fuel?: FuelIndices;
  readonly functions: readonly AddedFunction[];
  /** Entries of the global section. */
  readonly globals: readonly (readonly number[])[];
  /** Adds what the code turns out to need: counters, functions that read them, and hooks. */
  readonly profile?: ProfileRecorder | undefined;
}

function planAdditions(module: WasmModule, { metered, profiled = false }: RewriteOptions): Additions {
  const firstGlobal = module.globals.length;
  const fuel: FuelIndices = {
    counter: firstGlobal,
    reserve: firstGlobal + 1,
    charge: module.functions.length,
  };
  const fuelGlobals = metered ? [zeroGlobal('i32'), zeroGlobal('i32')] : [];
  const firstOwn = importedCount(module, 'global');
  const mutable = module.globals.flatMap((g, own) =>
    own >= firstOwn && g.mutable ? [{ own, type: g.type }] : [],
  );
  const firstShadow = firstGlobal + fuelGlobals.length;
  const control = controlFunction({
    ...(metered && { fuel }),
    ...(module.start !== undefined && { start: module.start }),
    saved: mutable.map(({ own }, i) => ({ own, shadow: firstShadow + i })),
  });
  const functions = metered ? [chargeFunction(fuel), control] : [control];
  const firstCounter = firstShadow + mutable.length;
  const firstType = module.types.length + functions.length;
  return {
    ...(metered && { fuel }),
    functions,
    globals: [...fuelGlobals, ...mutable.map(({ type }) => zeroGlobal(type))],
    profile: profiled ? new ProfileRecorder(module, { fuel, firstCounter, firstType }) : undefined,
  };
}

/** The sections with what is added to their ends, once the code is rewritten. */
function additionEdits(module: WasmModule, additions: Additions): [number, Uint8Array][] {
  const { functions, profile } = additions;
  const readers = profile?.readers() ?? [];
  const profileTypes = profile?.types ?? [];
  const types = [...functions.map(functionTypeBytes), ...profileTypes, ...readers.map(functionTypeBytes)];
  const firstReader = functions.length + profileTypes.length;
  const uses = [...functions.keys(), ...[...readers.keys()].map((i) => firstReader + i)];
  const edits: [number, Uint8Array][] = [
    [SECTION.type, withEntries(module, SECTION.type, types)],
    [
      SECTION.function,
      withEntries(
        module,
        SECTION.function,
        uses.map((i) => typeUse(module, i)),
      ),
    ],
    [SECTION.export, withEntries(module, SECTION.export, exportsOf(module, additions, readers.length))],
  ];
  const counters = Array.from({ length: profile?.counterCount ?? 0 }, () => zeroGlobal('i64'));
  const globals = [...additions.globals, ...counters].map((global) => Uint8Array.from(global));
  if (globals.length === 0) return edits;
  return [...edits, [SECTION.global, withEntries(module, SECTION.global, globals)]];
}

/** An entry of the function section. @param added index of the type among those that are added */
function typeUse(module: WasmModule, added: number): Uint8Array {
  return Uint8Array.from(u32Bytes(module.types.length + added));
}

function exportsOf(
  module: WasmModule,
  { functions, profile }: Additions,
  readerCount: number,
): readonly Uint8Array[] {
  const firstReader = module.functions.length + functions.length;
  const control = exportBytes(CONTROL_EXPORT, firstReader - 1);
  if (profile === undefined) return [control];
  const readers = Array.from({ length: readerCount }, (_, i) =>
    exportBytes(`${COUNTERS_EXPORT}${i}`, firstReader + i),
  );
  return [control, ...readers, exportBytes(HOOKS_EXPORT, profile.hooksTable, 'table')];
}

/** Nothing outside of the module holds state of it, except the memory that we give. */
function isSelfContained(module: WasmModule): boolean {
  const sharesGlobals = module.globals
    .slice(0, importedCount(module, 'global'))
    .some((global) => global.mutable);
  const sharesMemory = module.memories.length > 0 && ownMemory(module) === undefined;
  return !sharesGlobals && !sharesMemory && importedCount(module, 'table') === 0;
}

/** @throws CoreError FORMAT_UNSUPPORTED */
function checkExports(module: WasmModule): void {
  const name = module.exports.find((e) => e.name.startsWith(CONTROL_PREFIX))?.name;
  if (name === undefined) return;
  const offset = sectionOf(module, SECTION.export)?.start ?? 0;
  const message = `The module exports ${name}, and names that begin with ${CONTROL_PREFIX} are Quern's own (export section at byte ${offset}). Rename the export.`;
  throw new CoreError('FORMAT_UNSUPPORTED', message, { offset, feature: `an export named ${name}` });
}

/** @throws CoreError FORMAT_WASM when the start function has parameters or results */
function checkStart(module: WasmModule): void {
  const type = module.start === undefined ? undefined : module.functions[module.start];
  if (type === undefined || type.parameters.length + type.results.length === 0) return;
  const offset = sectionOf(module, SECTION.start)?.payloadStart ?? 0;
  throw malformed('its start function takes or gives values', offset);
}

/**
 * What V8 allows of each, less what may be added:
 * https://source.chromium.org/chromium/chromium/src/+/main:v8/src/wasm/wasm-limits.h.
 */
const LIMITS = { types: 999_998, functions: 999_998, exports: 99_999 } as const;
const MAX_GLOBALS = 1_000_000;

/** @throws CoreError FORMAT_UNSUPPORTED for a module with no room for what is added */
function checkLimits(module: WasmModule): void {
  for (const what of ['types', 'functions', 'exports'] as const) {
    const count = module[what].length;
    if (count > LIMITS[what]) throw unsupported(`${count} ${what}`, 0);
  }
  const mutable = module.globals.filter((g) => g.mutable).length;
  const count = module.globals.length;
  if (count + mutable + 2 > MAX_GLOBALS) throw unsupported(`${count} globals`, 0);
}

/** Where the content of the code section begins in a file that we wrote. */
function codeStart(bytes: Uint8Array): number {
  const reader = new ByteReader(bytes, 8);
  for (;;) {
    const id = reader.u8();
    const byteLength = reader.u32();
    if (id === SECTION.code) return reader.offset;
    reader.skip(byteLength);
  }
}

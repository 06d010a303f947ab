import { CoreError } from '../../protocol/errors.ts';
import { nameBytes, u32Bytes } from '../byte-writer.ts';
import { zeroGlobal } from '../control-functions.ts';
import { writeManifest } from '../manifest.ts';
import { readModule } from '../reader.ts';
import { exportBytes, functionTypeBytes, withEntries, withSections } from '../rewrite-sections.ts';
import { SECTION, type WasmModule } from '../wasm-module.ts';
import { MAX_FLAT_PARAMETERS } from './canonical-layout.ts';
import { type CanonicalNames, canonicalNames } from './canonical-names.ts';
import { type ComponentFunction, componentFunction } from './component-signature.ts';
import { canonicalType, wrapperOf } from './component-wrapper.ts';
import { modulesOfComponent } from './read-component.ts';
import { type WitWorld, witFunctionText } from './wit-types.ts';

/** A plugin made of a component. */
export interface ComponentPlugin {
  /** A module with a `quern` section. */
  readonly wasm: Uint8Array;
  /** Exports of the world that SQL cannot call, each with the reason. */
  readonly leftOut: readonly string[];
}

/**
 * Makes a plugin of a component: its one module, with a function in the row form of docs/plugin-abi.md for each export
 * of the world that SQL can call. The module then is metered and fenced in as any other; no JavaScript is generated.
 *
 * @param bytes for which `isComponent` holds
 * @param world of the component
 * @throws CoreError FORMAT_UNSUPPORTED when it needs more than its one module, or when SQL can call nothing of it;
 *   FORMAT_WASM
 */
export function pluginOfComponent(bytes: Uint8Array, world: WitWorld): ComponentPlugin {
  const module = readModule(onlyModule(bytes, world));
  const { functions, leftOut } = callable(module, world);
  if (functions.length === 0) {
    const reasons = leftOut.length === 0 ? 'its world exports no function' : leftOut.join('; ');
    throw unsupported(`SQL can call nothing of this component: ${reasons}.`);
  }
  const wasm = withWrappers(module, functions);
  const manifest = { abi: 1, functions: functions.map(({ sql }) => sql), capabilities: [], doc: '' } as const;
  return { wasm: writeManifest(wasm, manifest), leftOut };
}

function onlyModule(bytes: Uint8Array, { imports }: WitWorld): Uint8Array {
  if (imports.length > 0) {
    throw unsupported(
      `This component imports ${imports.join(', ')}. Quern runs components that need nothing from outside: build it without them, or as a WASI module.`,
    );
  }
  const [module, ...others] = modulesOfComponent(bytes);
  if (module === undefined || others.length > 0) {
    const count = module === undefined ? 'no module' : `${others.length + 1} modules`;
    throw unsupported(`This component is made of ${count}. Quern runs components of one module.`);
  }
  return module;
}

function callable(
  module: WasmModule,
  world: WitWorld,
): { readonly functions: readonly ComponentFunction[]; readonly leftOut: readonly string[] } {
  const names = namesOf(module);
  const functions = new Map<string, ComponentFunction>();
  const leftOut: string[] = [];
  for (const wit of world.exports) {
    const found = componentFunction(wit);
    const problem = typeof found === 'string' ? found : problemOf(module, found, names);
    if (problem !== undefined) leftOut.push(`${witFunctionText(wit)}: ${problem}`);
    else if (typeof found !== 'string') functions.set(found.sql.name, found);
  }
  return { functions: [...functions.values()], leftOut };
}

function problemOf(module: WasmModule, fn: ComponentFunction, names: CanonicalNames): string | undefined {
  const target = module.exportedFunctions.get(names.function(fn.wit));
  const type = target === undefined ? undefined : module.functions[target];
  if (type === undefined) return 'its module does not export it under the name that tools agree on';
  const expected = canonicalType(fn);
  if (expected.parameters.length > MAX_FLAT_PARAMETERS) return 'it has too many parameters';
  const fits =
    type.parameters.join() === expected.parameters.join() && type.results.join() === expected.results.join();
  if (!fits) return 'its module exports it with another type';
  const takesBytes = fn.sql.parameters.some((p) => p.type === 'VARCHAR' || p.type === 'BLOB');
  const lacksRealloc = takesBytes && !module.exportedFunctions.has(names.realloc);
  return lacksRealloc ? `its module exports no ${names.realloc}` : undefined;
}

function namesOf(module: WasmModule): CanonicalNames {
  return canonicalNames(
    module.exportedFunctions,
    module.exports.map(({ name }) => name),
  );
}

function withWrappers(module: WasmModule, functions: readonly ComponentFunction[]): Uint8Array {
  const names = namesOf(module);
  const index = (name: string) => module.exportedFunctions.get(name);
  const wrappers = functions.map((fn, position) => {
    const realloc = index(names.realloc);
    const postReturn = index(names.postReturn(fn.wit));
    return wrapperOf(fn, {
      target: index(names.function(fn.wit)) ?? 0,
      ...(realloc !== undefined && { realloc }),
      ...(postReturn !== undefined && { postReturn }),
      pending: module.globals.length + position,
    });
  });
  const added = functions.map(({ sql }, position) =>
    exportBytes(sql.export, module.functions.length + position),
  );
  const code = wrappers.map(({ body }) => Uint8Array.from([...u32Bytes(body.byteLength), ...body]));
  return withSections(
    module,
    new Map([
      [SECTION.type, withEntries(module, SECTION.type, wrappers.map(functionTypeBytes))],
      [SECTION.function, withEntries(module, SECTION.function, typeIndices(module, wrappers.length))],
      [
        SECTION.global,
        withEntries(
          module,
          SECTION.global,
          wrappers.map(() => Uint8Array.from(zeroGlobal('i32'))),
        ),
      ],
      [SECTION.export, withEntries(module, SECTION.export, [...added, ...renamed(module, names)])],
      [SECTION.code, withEntries(module, SECTION.code, code)],
    ]),
  );
}

function typeIndices(module: WasmModule, count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, i) => Uint8Array.from(u32Bytes(module.types.length + i)));
}

/** Exports that the host looks for under other names. */
function renamed(module: WasmModule, names: CanonicalNames): Uint8Array[] {
  const has = (name: string) => module.exports.some((e) => e.name === name);
  const initialize = module.exportedFunctions.get(names.initialize);
  return [
    ...(has('memory') || !has(names.memory) ? [] : [Uint8Array.from([...nameBytes('memory'), 2, 0])]),
    ...(has('_initialize') || initialize === undefined ? [] : [exportBytes('_initialize', initialize)]),
  ];
}

function unsupported(message: string): CoreError {
  return new CoreError('FORMAT_UNSUPPORTED', message);
}

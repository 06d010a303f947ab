import binaryen from 'assemblyscript/binaryen';
import { withoutCustomSections } from '../../wasm-core/binary/custom-section.ts';
import { SOURCE_MAP_SECTION } from '../../wasm-core/binary/source-lines/source-map.ts';

/** What V8 takes without flags, and our reader knows. */
const FEATURES = [
  'MutableGlobals',
  'NontrappingFPToInt',
  'SIMD128',
  'BulkMemory',
  'SignExt',
  'ExceptionHandling',
  'TailCall',
  'ReferenceTypes',
  'Multivalue',
  'ExtendedConst',
] as const satisfies readonly (keyof typeof binaryen.Features)[];

/**
 * Optimises a module for speed. Lines that were told by offsets are left out, since instructions move; names stay.
 *
 * @returns a new module; `wasm` itself where binaryen cannot read it, or makes it no smaller
 */
export function optimise(wasm: Uint8Array): Uint8Array {
  const plain = withoutCustomSections(wasm, [SOURCE_MAP_SECTION]);
  let module: binaryen.Module | undefined;
  try {
    module = binaryen.readBinary(plain);
    module.setFeatures(FEATURES.reduce<number>((all, name) => all | binaryen.Features[name], 0));
    binaryen.setOptimizeLevel(3);
    binaryen.setShrinkLevel(0);
    binaryen.setDebugInfo(true);
    module.optimize();
    const optimised = module.emitBinary();
    const isValid = WebAssembly.validate(optimised.slice());
    return isValid && optimised.byteLength <= plain.byteLength ? optimised.slice() : plain;
  } catch {
    // It knows fewer proposals than the compiler of the text does; the module is as good as it was.
    return plain;
  } finally {
    module?.dispose();
  }
}

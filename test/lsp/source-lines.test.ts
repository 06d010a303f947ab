import assert from 'node:assert/strict';
import { type Compilers, createCompilers } from '../../server/compilers/node/compilers.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import { parseSourceMap, SOURCE_MAP_SECTION } from '../../wasm-core/binary/source-lines/source-map.ts';
import { distFolder } from '../support/dist.ts';
import { trapPlaces } from '../support/trap-places.ts';

describe('source lines of what the compilers make', () => {
  let compilers: Compilers;
  before(() => {
    compilers = createCompilers(distFolder());
  });
  after(() => compilers.dispose());

  async function compile(language: 'wat' | 'assemblyscript', text: string): Promise<Uint8Array> {
    const path = `/w/lib/plugin.${language === 'wat' ? 'wat' : 'ts'}`;
    const { wasm, diagnostics } = await compilers.compile({ language, path, root: '/w', text });
    assert.deepEqual(
      diagnostics.filter(({ isLint }) => !isLint),
      [],
    );
    assert.ok(wasm !== undefined);
    return wasm;
  }

  it('name the line of AssemblyScript, inlined or not', async () => {
    const wasm = await compile('assemblyscript', ARITHMETIC_TS);
    assert.deepEqual(await trapPlaces(wasm, 'ratio', [4, 0], ABORT), [
      'lib/plugin/__quern_call_ratio lib/plugin.ts:5:10',
    ]);
    assert.deepEqual(await trapPlaces(wasm, 'rest', [4, 0], ABORT), [
      'lib/plugin/__quern_call_rest lib/plugin.ts:10:10',
    ]);
  });

  it('name the own line of AssemblyScript that called the library', async () => {
    const wasm = await compile('assemblyscript', LIBRARY_TS);
    const own = async (name: string, args: readonly number[]): Promise<string | undefined> => {
      const places = await trapPlaces(wasm, name, args, ABORT);
      return places
        .map((place) => /lib\/plugin\.ts:(\d+)/.exec(place)?.[1])
        .find((line) => line !== undefined);
    };
    assert.equal(await own('third', [0, 0, 4]), '6');
    assert.equal(await own('boom', [4]), '13');
    assert.equal(await own('boom', [1]), '21');
  });

  it('name no line of an AssemblyScript wrapper', async () => {
    const wasm = await compile('assemblyscript', LIBRARY_TS);
    const lineCount = LIBRARY_TS.split('\n').length;
    const module = readModule(wasm);
    const section = module.customSections.find((s) => s.name === SOURCE_MAP_SECTION);
    const map = parseSourceMap(Buffer.from(wasm.subarray(section?.start, section?.end)).toString());
    const own = map?.segments.filter(({ place }) => place && map.sources[place.source] === 'lib/plugin.ts');
    assert.ok(own !== undefined && own.length > 10);
    assert.deepEqual(
      own.filter(({ place }) => (place?.line ?? 0) > lineCount),
      [],
    );
    const names = module.customSections.map((s) => s.name);
    assert.ok(!names.includes('sourceMappingURL'), 'a map that nobody gets is named');
  });

  it('name the line of WebAssembly text beside the manifest of its comments', async () => {
    const wasm = await compile('wat', COMMENTED_WAT);
    assert.deepEqual(await trapPlaces(wasm, 'ratio', [4, 0]), ['ratio lib/plugin.wat:7:4']);
  });
});

const ABORT = {
  env: {
    abort: () => {
      throw new Error('abort');
    },
  },
};

const ARITHMETIC_TS = `/** Divides. */
@udf
export function ratio(a: i32, b: i32): i32 {
  const twice = a * 2;
  return twice / b;
}

@inline
function half(a: i32, b: i32): i32 {
  return a %
    b;
}

/** @udf */
export function rest(a: i32, b: i32): i32 {
  return half(a, b) + 1;
}
`;

const LIBRARY_TS = `/** @udf */
export function third(text: string, at: i32): string {
  const words = text.split(" ");
  let unused = words.length;
  for (let i = 0; i < at; i++) unused += i;
  const word = words[at + unused];
  if (word.length > 3)
    throw new Error("long");
  return word;
}
@inline
function at(a: StaticArray<i32>, i: i32): i32 {
  const v = a[i];
  return v * 2;
}
/** @udf */
export function boom(i: i32): i32 {
  const a = new StaticArray<i32>(3);
  let s = 1;
  s += at(a, i);
  return 10 / (s - 1);
}
`;

const COMMENTED_WAT = `;; @udf ratio(a INTEGER, b INTEGER) -> INTEGER
(module
  (memory (export "memory") 1)
  (func $ratio (export "ratio") (param i32 i32) (result i32)
  local.get 0
  local.get 1
   i32.div_s)
)
`;

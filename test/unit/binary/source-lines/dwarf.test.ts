import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { readModule } from '../../../../wasm-core/binary/reader.ts';
import type { DwarfSections } from '../../../../wasm-core/binary/source-lines/dwarf-header.ts';
import { dwarfLines } from '../../../../wasm-core/binary/source-lines/dwarf-lines.ts';
import { sourceLines } from '../../../../wasm-core/binary/source-lines/source-lines.ts';
import { projectRoot } from '../../../support/project.ts';
import { trapPlaces } from '../../../support/trap-places.ts';

function fixture(name: string): Uint8Array {
  return readFileSync(path.join(projectRoot(), 'test/fixtures/lines', name));
}

describe('DWARF lines', () => {
  for (const version of [4, 5]) {
    it(`of C in version ${version} name the line of each function on a trap's stack`, async () => {
      const bytes = fixture(`divide-dwarf${version}.wasm`);
      assert.deepEqual(await trapPlaces(bytes, 'divide', [6, 2]), [
        'quotient src/divide.c:8:17',
        'divide src/divide.c:15:10',
      ]);
      assert.deepEqual(await trapPlaces(bytes, 'stop', [11]), ['stop src/divide.c:22:5']);
    });
  }

  it('of Rust name the library, and the own line that called into it', async () => {
    const bytes = fixture('pick.wasm');
    const places = await trapPlaces(bytes, 'choose', [2]);
    assert.deepEqual(places.slice(-2), [
      '_ZN4pick4pick17h3433901d51da28baE src/pick.rs:7:5',
      'choose src/pick.rs:13:5',
    ]);
    const library = / \/usr\/src\/rustc-1\.63\.0\/library\/core\/src\/\S+:\d+:\d+ \(own \?\)$/;
    for (const place of places.slice(0, -2)) assert.match(place, library);
    const [inlined, ...others] = await trapPlaces(bytes, 'refuse', [4]);
    assert.match(inlined ?? '', library);
    assert.deepEqual(others, []);
  });

  it('are none in code that the table does not speak of', () => {
    const bytes = fixture('divide-dwarf5.wasm');
    const [first] = readModule(bytes).bodies;
    const places = sourceLines(bytes, [0, (first?.end ?? 0) - 1, bytes.byteLength]);
    const place = { file: 'src/divide.c', line: 16, column: 3 };
    assert.deepEqual(places, [{}, { place, own: place }, {}]);
    assert.equal(sourceLines(bytes.subarray(0, 8), [0]), undefined);
  });

  it('are none of functions that the linker dropped', () => {
    for (const address of [0, 0xffff_ffff]) {
      const table = dwarfLines(lineSections(oneSequence(address)), { codeLength: 50, isWanted: () => true });
      assert.equal(table, undefined);
    }
    const table = dwarfLines(lineSections(oneSequence(7)), { codeLength: 50, isWanted: () => true });
    assert.deepEqual(table?.rows, [
      { address: 7, file: 0, line: 5, column: 0 },
      { address: 9, file: -1, line: 0, column: 0 },
    ]);
    assert.equal(table?.file(0), 'd/a.c');
  });

  it('of tables that are cut off anywhere, or changed anywhere, give no fault', () => {
    const names = ['divide-dwarf4.wasm', 'divide-dwarf5.wasm', 'pick.wasm'];
    const tables = names.map((name) => sectionsOf(fixture(name)));
    const edits = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(fc.constantFrom(...tables), fc.nat(), edits, (sections, cut, changes) => {
        const line = sections.line.slice(0, cut % 3 === 0 ? cut % sections.line.length : undefined);
        for (const [at, byte] of changes) line[at % Math.max(1, Math.min(line.length, 1500))] = byte;
        checkTable({ ...sections, line });
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => checkTable(lineSections(noise))),
      { numRuns: 500 },
    );
  });

  it('take time linear in their size, whatever they say', () => {
    // A version 5 header with the longest list of files, each with the same long name.
    const count = 100_000;
    const header = [1, 1, 1, 251, 14, 1, 0, 0, 1, 1, 0x1f, 0xa0, 0x8d, 0x06, ...new Array(count * 4).fill(0)];
    const body = [5, 0, 4, 0, ...u32(header.length), ...header];
    const line = Uint8Array.from([...u32(body.length), ...body]);
    const started = performance.now();
    const lineStr = new Uint8Array(1_000_000).fill(97);
    dwarfLines({ line, lineStr, str: new Uint8Array() }, { codeLength: 50, isWanted: () => true });
    assert.ok(performance.now() - started < 2000);
  });
});

function sectionsOf(bytes: Uint8Array): DwarfSections {
  const module = readModule(bytes);
  const section = (name: string): Uint8Array => {
    const found = module.customSections.find((s) => s.name === name);
    return found === undefined ? new Uint8Array() : bytes.subarray(found.start, found.end);
  };
  return { line: section('.debug_line'), lineStr: section('.debug_line_str'), str: section('.debug_str') };
}

function lineSections(line: Uint8Array): DwarfSections {
  return { line, lineStr: new Uint8Array(), str: new Uint8Array() };
}

/** Reads a table, and asks for the name of each file in it. */
function checkTable(sections: DwarfSections): void {
  const table = dwarfLines(sections, { codeLength: 5000, isWanted: () => true });
  for (const { file } of table?.rows ?? []) {
    const name = table?.file(file);
    assert.ok(name === undefined || typeof name === 'string');
  }
}

/** A table of version 4 for d/a.c: line 5 at the address, and an end two bytes behind. */
function oneSequence(address: number): Uint8Array {
  const names = [...Buffer.from('d\0\0a.c\0'), 1, 0, 0, 0];
  const header = [1, 1, 1, 251, 14, 10, 0, 1, 1, 1, 1, 0, 0, 0, 1, ...names];
  const program = [0, 5, 2, ...u32(address), 3, 4, 1, 2, 2, 0, 1, 1];
  const body = [4, 0, ...u32(header.length), ...header, ...program];
  return Uint8Array.from([...u32(body.length), ...body]);
}

function u32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import createWabt from 'wabt';
import { functionBodies, instructionOffsets } from '../../../server/compilers/instruction-offsets.ts';
import { compileWat, type WatTools } from '../../../server/compilers/wat.ts';
import { listFunctions } from '../../../server/compilers/wat-instructions.ts';
import { typeErrorsOfV8 } from '../../../server/compilers/wat-type-errors.ts';
import { modulesOf } from '../../support/wast.ts';

const folder = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'wasm-testsuite');

async function watTools(): Promise<WatTools> {
  const { parse } = await import('@bytecodealliance/jco-transpile/wasm-tools');
  return { parse, wabt: await createWabt() };
}

describe('errors in the types of WebAssembly text', () => {
  let tools: WatTools;
  before(async () => {
    tools = await watTools();
  });

  /** What stands at each error, and its message. */
  async function errorsOf(text: string): Promise<[string, string][]> {
    const { diagnostics } = await compileWat(tools, { text, entry: 'a.wat' });
    return diagnostics.map(({ start, end, message }) => [text.slice(start, end), message]);
  }

  /** The same by V8 alone, as for a language that no other tool here knows. */
  async function errorsOfV8(text: string): Promise<[string, string][]> {
    const bytes = (await tools.parse(text)).slice();
    const refusal = await WebAssembly.compile(bytes).then(
      () => assert.fail('V8 takes it'),
      (error: unknown) => error,
    );
    const found = await typeErrorsOfV8(text, bytes, refusal);
    return found.map(({ start, end, message }) => [text.slice(start, end), message]);
  }

  it('are at their instructions where V8 alone knows the language, in each function', async () => {
    const text = `(module (memory 1 1 shared) ;; é😀
      (func $f (param $p i32) (result i32)
        (i32.add (i32.const 1) (i64.atomic.load offset=8 (local.get $p))))
      (func $good (result i32) (i32.const 1))
      (func $g (param $p i32) (result f64)
        local.get $p
        block (result i32)
          i32.const 0 i32.atomic.load
        end
        i32.add))`;
    assert.deepEqual(await errorsOfV8(text), [
      ['i64.atomic.load offset=8', 'i32.add[1] expected type i32, found i64.atomic.load of type i64.'],
      [')', 'Type error in result 0 at the end (expected f64, got i32).'],
    ]);
  });

  it('are told once, with what the names tell', async () => {
    assert.deepEqual(await errorsOf('(module (func (call 3)))'), [
      ['3', 'There is no function 3: they are numbered from 0 to 0.'],
    ]);
  });

  it('are none in modules of newer languages that V8 takes', async () => {
    const text = `(module (memory 1 1 shared) (func (export "f") (result i32)
      (drop (v128.const i32x4 0 0 0 0)) (i32.atomic.rmw.add (i32.const 0) (i32.const 1))))`;
    assert.deepEqual(await errorsOf(text), []);
  });

  if (existsSync(folder)) {
    it('have the instructions of every module of the test suite to stand at', async () => {
      const parted: string[] = [];
      let count = 0;
      for (const file of readdirSync(folder, { recursive: true }).map(String)) {
        if (!file.endsWith('.wast')) continue;
        for (const module of modulesOf(readFileSync(path.join(folder, file), 'utf8'))) {
          if (module.form !== 'text') continue;
          const bytes = await tools.parse(module.wat).then(
            (wasm) => wasm.slice(),
            () => undefined,
          );
          if (bytes === undefined) continue;
          const listed = listFunctions(module.wat).map((instructions) => instructions?.length);
          const found = functionBodies(bytes).map((body) => instructionOffsets(bytes, body).length);
          count += found.length;
          if (JSON.stringify(listed) !== JSON.stringify(found))
            parted.push(`${file}: ${module.wat.slice(0, 200)}`);
        }
      }
      assert.deepEqual(parted, []);
      assert.ok(count > 10_000, String(count));
    });
  }
});

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { faultsOfWat } from '../../../server/wat/faults.ts';
import { parseWat } from '../../../server/wat/syntax/parse-wat.ts';
import { modulesOf } from '../../support/wast.ts';
import { formsOf } from '../../support/wast-forms.ts';

/** The specification's own test suite, when the machine has it. */
const folder = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'wasm-testsuite');

/** The texts of the modules that a script instantiates, which are valid. */
function validTexts(script: string): string[] {
  return formsOf(script).flatMap((form) => {
    if (/^assert_(?:invalid|malformed)/.test(String(form.items[0]))) return [];
    const inside = form.items.filter((item) => typeof item !== 'string');
    return [form, ...inside]
      .filter(({ items }) => items[0] === 'module')
      .map(({ start, end }) => script.slice(start, end))
      .filter((text) => !/^\(module\s+(?:definition\s+)?(?:\$\S+\s+)?(?:binary|quote|instance)\b/.test(text));
  });
}

function scripts(): { readonly file: string; readonly script: string }[] {
  const files = readdirSync(folder, { recursive: true }).map(String);
  return files
    .filter((name) => name.endsWith('.wast'))
    .map((file) => ({ file, script: readFileSync(path.join(folder, file), 'utf8') }));
}

if (existsSync(folder)) {
  describe('the module texts of the WebAssembly test suite', () => {
    it('are read without a fault', () => {
      let count = 0;
      const faulty: string[] = [];
      for (const { file, script } of scripts()) {
        for (const module of modulesOf(script)) {
          // An instance of a module is of scripts alone.
          if (module.form !== 'text' || /^\(module instance\b/.test(module.wat)) continue;
          count++;
          for (const { start, end, message } of parseWat(module.wat).faults) {
            faulty.push(`${file}: ${message} at ${module.wat.slice(start, end + 60)}`);
          }
        }
      }
      assert.deepEqual(faulty, []);
      assert.ok(count > 4_000, `${count} modules`);
    });

    it('name what is there, where they are valid', () => {
      let count = 0;
      const faulty: string[] = [];
      for (const { file, script } of scripts()) {
        for (const text of validTexts(script)) {
          count++;
          faulty.push(...faultsOfWat(text).map(({ message }) => `${file}: ${message}`));
        }
      }
      assert.deepEqual(faulty, []);
      assert.ok(count > 2_500, `${count} modules`);
    });
  });
}

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import { formatLockFile, type LockedPlugins, parseLockFile } from '../../../wasm-core/protocol/lock-file.ts';
import { matchesPatterns } from '../../../wasm-core/protocol/path-patterns.ts';
import { CAPABILITIES } from '../../../wasm-core/protocol/plugins.ts';
import { throwsKind } from '../../support/core-error.ts';

const source = 'quern.lock.json';
const capabilities = fc.subarray([...CAPABILITIES]);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);

describe('a lock file', () => {
  it('reads what it writes, and writes the same plugins the same', () => {
    const plugins = fc.dictionary(
      fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
      fc.record({ digest, needs: capabilities, granted: capabilities }),
    );
    fc.assert(
      fc.property(plugins, (given) => {
        const locked: LockedPlugins = new Map(Object.entries(given));
        const text = formatLockFile(locked);
        const back = parseLockFile(text, { source });
        assert.equal(formatLockFile(back), text);
        assert.deepEqual(Object.fromEntries(back), JSON.parse(JSON.stringify(given)));
        assert.equal(formatLockFile(new Map([...locked].reverse())), text);
      }),
    );
  });

  it('is read strictly, and no text makes it fail otherwise', async () => {
    const cases: readonly [string, RegExp][] = [
      ['{', /not JSON/],
      ['{"version": 2, "plugins": {}}', /\$\.version is 2; write 1/],
      [
        '{"version": 1, "plugins": {"a": {"digest": "x", "needs": [], "granted": []}}}',
        /\$\.plugins\.a\.digest is "x"/,
      ],
      ['{"version": 1, "plugins": {}, "more": 1}', /\$\.more is not known/],
    ];
    for (const [text, message] of cases) {
      await throwsKind('FORMAT_WORKSPACE', message, () => parseLockFile(text, { source }));
    }
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        try {
          parseLockFile(text, { source });
        } catch (error) {
          assert(error instanceof CoreError && error.kind === 'FORMAT_WORKSPACE', String(error));
        }
      }),
    );
  });
});

describe('patterns of paths', () => {
  it('name files, folders, and any of them', () => {
    const cases: readonly [pattern: string, path: string, matches: boolean][] = [
      ['plugins', 'plugins/a.wat', true],
      ['plugins/', 'plugins/deep/a.wat', true],
      ['plugins', 'my/plugins/a.wat', false],
      ['**/plugins', 'my/plugins/a.wat', true],
      ['**/plugins', 'plugins/a.wat', true],
      ['udf/*.wat', 'udf/a.wat', true],
      ['udf/*.wat', 'udf/deep/a.wat', false],
      ['udf/**/*.wat', 'udf/deep/er/a.wat', true],
      ['udf/**/*.wat', 'udf/a.wat', true],
      ['udf/**', 'udf/a.wat', true],
      ['./a.{wat,ts}', 'a.ts', true],
      ['a.{wat,ts}', 'a.wasm', false],
      ['?.wat', 'a.wat', true],
      ['?.wat', 'ab.wat', false],
      ['a+(b).wat', 'a+(b).wat', true],
      ['a.wat', 'aXwat', false],
    ];
    for (const [pattern, path, matches] of cases) {
      assert.equal(matchesPatterns(path, [pattern]), matches, `${pattern} ${path}`);
    }
  });

  it('take any text without failing', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, path) => void matchesPatterns(path, [pattern])),
    );
    assert.equal(matchesPatterns('a/'.repeat(200), [`${'**/'.repeat(300)}b`]), false);
  });
});

import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { readProjectFile } from '../../support/project.ts';
import { type Outcome, runScript } from '../../support/wast-world.ts';

/** How many commands of a script were compared: `all`, and those that ran and gave a value or an error. */
async function check(
  name: string,
  script: string,
): Promise<{ readonly ran: number; readonly skipped: number }> {
  const original = await runScript(script, 'original');
  // Where a module is missing, what the script expects of the others may not hold either.
  const isWhole = !original.some((o) => o.result === 'skipped' && !/malformed|invalid/.test(o.command));
  for (const build of ['metered', 'unmetered', 'profiled'] as const) {
    const rewritten = await runScript(script, build);
    for (const [i, outcome] of rewritten.entries()) {
      const place = `${name}:${script.slice(0, outcome.at).split('\n').length}, ${build}`;
      if (outcome.result === 'without fuel') continue;
      assert.equal(outcome.result, original[i]?.result, place);
      assert.ok(!isWhole || fits(outcome), `${place}: ${outcome.command} gave ${outcome.result}`);
    }
  }
  const asserted = original.filter((o) => o.command.startsWith('assert_') || o.command === 'invoke');
  const skipped = asserted.filter((o) => o.result === 'skipped').length;
  return { ran: asserted.length - skipped, skipped };
}

/** Whether a command gave what its name says: a value, or an error. Vectors cannot cross to JavaScript. */
function fits({ command, result }: Outcome): boolean {
  const isError = /^(\w*Error|exception|threw)/.test(result);
  if (result === 'skipped' || result.startsWith('TypeError')) return true;
  if (command === 'assert_return') return !isError;
  return isError || !command.startsWith('assert_');
}

describe('a script of the specification', () => {
  it('gives the same values and traps when its modules are rewritten', async () => {
    const { ran, skipped } = await check('semantics', readProjectFile('test/fixtures/wast/semantics.wast'));
    assert.equal(skipped, 0);
    assert.ok(ran > 35, `${ran} commands`);
  });

  const folder = path.join(process.env.QUERN_CORPORA ?? 'no-corpora', 'wasm-testsuite');
  if (!existsSync(folder)) return;

  it('gives the same in the whole test suite', async () => {
    const counts = { ran: 0, skipped: 0 };
    for (const file of readdirSync(folder, { recursive: true }).map(String)) {
      if (!file.endsWith('.wast')) continue;
      const { ran, skipped } = await check(file, readFileSync(path.join(folder, file), 'utf8'));
      counts.ran += ran;
      counts.skipped += skipped;
    }
    assert.ok(counts.ran > 20_000, JSON.stringify(counts));
    if (process.env.QUERN_TEST_VERBOSE) console.error(counts);
  }).timeout(300_000);
});

import wabt from 'wabt';
import { assemble } from './wat.ts';

/*
 * An oracle for metering that shares nothing with the rewriter: it works on text. Before every operator that costs fuel it
 * puts `count += 1`, so it counts what really runs, one by one.
 */

/** Operators that cost nothing. */
const FREE = new Set(
  'nop drop block loop else end return unreachable try catch catch_all delegate try_table'.split(' '),
);

/** Operators that cost as much more as the number on top of the stack says. */
const BULK = new Set(
  'memory.fill memory.copy memory.init table.fill table.copy table.init table.grow'.split(' '),
);

const COUNT = 'global.get $__count i64.const 1 i64.add global.set $__count';

/** Assembles a module that exports an i64 global `__count`, which counts the operators that ran. */
export async function countingBuild(wat: string): Promise<Uint8Array> {
  const flat = await flatText(await assemble(wat));
  const lines = flat.trimEnd().split('\n').map(countedLine);
  const text = lines.join('\n').replace(/\)\s*$/, '');
  return assemble(`${text}
    (global $__count (export "__count") (mut i64) (i64.const 0))
    (func $__bulk (param i32) (result i32)
      (global.set $__count (i64.add (global.get $__count) (i64.extend_i32_u (local.get 0))))
      (local.get 0)))`);
}

/** One instruction a line, as wabt prints it. */
async function flatText(bytes: Uint8Array): Promise<string> {
  const { readWasm } = await wabt();
  const module = readWasm(bytes, { readDebugNames: false, exceptions: true, tail_call: true });
  try {
    return module.toText({ foldExprs: false, inlineExport: false });
  } finally {
    module.destroy();
  }
}

function countedLine(line: string): string {
  const name = /^\s+([a-z][a-z0-9_.]*)/.exec(line)?.[1];
  if (name === undefined || FREE.has(name)) return line;
  return `${COUNT}${BULK.has(name) ? ' call $__bulk' : ''}\n${line}`;
}

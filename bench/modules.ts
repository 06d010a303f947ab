import { readFileSync } from 'node:fs';
import path from 'node:path';
import { assemble, LOOP_WAT, UPPER_WAT } from '../test/support/wat.ts';

/** The modules that are run, by name. */
export async function benchModules(): Promise<Readonly<Record<'upper' | 'reverse' | 'spin', Uint8Array>>> {
  return {
    upper: await assemble(example('upper.wat')),
    reverse: await assemble(example('reverse.wat')),
    spin: await assemble(LOOP_WAT),
  };
}

/** A module that does what `upper` does and has bytes, and so a digest, of its own. */
export async function upperVariant(number: number): Promise<Uint8Array> {
  return assemble(UPPER_WAT.replace(/\)$/, `(data (i32.const 0) "variant ${number}"))`));
}

/** The source of an example plugin. */
function example(file: string): string {
  return readFileSync(path.resolve('examples/plugins', file), 'utf8');
}

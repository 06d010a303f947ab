import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Writes a program that answers what Quern asks clang before it is used, and otherwise does what a script says.
 *
 * @param folder absolute
 * @param script of Node, a CommonJS module; `out` is the path of the module that it is to write
 * @returns the program's path
 */
export function fakeClang(folder: string, script: string): string {
  const file = path.join(folder, 'clang');
  const lines = [
    `#!${process.execPath}`,
    'const args = process.argv.slice(2);',
    "const out = args[args.indexOf('-o') + 1];",
    "if (args.includes('-print-targets')) console.log('    wasm32 - WebAssembly 32-bit');",
    "else if (args.includes('-print-prog-name=wasm-ld')) console.log('/usr/bin/wasm-ld');",
    "else if (args.includes('--version')) console.log('fake clang 1.0');",
    `else { ${script} }`,
  ];
  writeFileSync(file, lines.join('\n'));
  chmodSync(file, 0o755);
  return file;
}

/** Whether a process has ended, for `eventually`. */
export function isGone(pid: number): true | undefined {
  try {
    process.kill(pid, 0);
    return undefined;
  } catch {
    return true;
  }
}

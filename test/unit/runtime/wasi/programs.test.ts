import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { checkAbi, isCommand, isReactor, processForm } from '../../../../wasm-core/binary/abi.ts';
import { readModule } from '../../../../wasm-core/binary/reader.ts';
import { WASI_IMPORTS } from '../../../../wasm-core/binary/wasi-imports.ts';
import { initializeReactor, runProgram } from '../../../../wasm-core/runtime/wasi/program.ts';
import { throwsKind } from '../../../support/core-error.ts';
import { projectRoot } from '../../../support/project.ts';
import { instantiateWasi, programGuest, type WasiSetup } from '../../../support/wasi.ts';

const folder = path.join(projectRoot(), 'test/fixtures/wasi');

function fixture(name: string): Uint8Array {
  const bytes = readFileSync(path.join(folder, name));
  return name.endsWith('.br') ? brotliDecompressSync(bytes) : bytes;
}

function run(name: string, setup: WasiSetup = {}): { output: string; logs: readonly string[] } {
  const instance = instantiateWasi(fixture(name), setup);
  const output = runProgram(programGuest(instance), instance.io);
  return { output: Buffer.from(output).toString(), logs: instance.logs };
}

const programs = readdirSync(folder)
  .filter((f) => /\.wasm(\.br)?$/.test(f))
  .sort();
const text = 'the quick brown fox\njumps over the lazy dog\nthe end\n';

describe('The programs in test/fixtures/wasi', () => {
  it('are the ones that SHA256SUMS names, byte for byte', () => {
    const lines = readFileSync(path.join(folder, 'SHA256SUMS'), 'utf8').trim().split('\n');
    const listed = lines.map((line) => line.split(/ +/));
    for (const [digest, file] of listed) {
      const bytes = readFileSync(path.join(folder, file ?? ''));
      assert.equal(createHash('sha256').update(bytes).digest('hex'), digest, file);
    }
    assert.deepEqual(
      listed.flatMap(([, file = '']) => (programs.includes(file) ? [file] : [])).sort(),
      programs,
    );
  });

  for (const name of programs) {
    it(`are taken by the ABI check: ${name}`, () => {
      const module = readModule(fixture(name));
      assert.deepEqual(checkAbi(module, undefined), []);
      const isProgram = !/reactor|all-imports/.test(name);
      assert.deepEqual([isCommand(module), isReactor(module)], [isProgram, !isProgram]);
      assert.equal(processForm(module), isProgram ? 'program' : 'prefixed');
    });
  }
});

describe('c-all-imports.wasm', () => {
  it('imports all that we give but proc_raise, which wasi-libc does not know', () => {
    // That the types are the same is what the ABI check above says.
    const imported = readModule(fixture('c-all-imports.wasm')).imports.map((i) => i.name);
    const given = WASI_IMPORTS.map((i) => i.name).filter((name) => name !== 'proc_raise');
    assert.deepEqual(imported.sort(), given.sort());
  });
});

describe('Programs in C', () => {
  it('read standard input and write standard output', () => {
    assert.equal(run('c-wordcount.wasm', { input: Buffer.from(text) }).output, '3 11 52\n');
    assert.equal(run('c-wordcount.wasm').output, '0 0 0\n');
  });

  it('read a megabyte of standard input', () => {
    const input = Buffer.from('word and word\n'.repeat(75_000));
    assert.equal(run('c-wordcount.wasm', { input }).output, '75000 225000 1050000\n');
  });

  it('work with files when they may, and cannot leave the root', () => {
    assert.deepEqual(run('c-files.wasm', { capabilities: ['fs'] }).output.split('\n'), [
      'read: first line',
      'read: second line',
      'tail: line',
      'size: 23, regular: 1',
      'entry: final.txt',
      'above the root: Capabilities insufficient',
      '',
    ]);
  });

  it('have no files without the capability, and can say so', async () => {
    const error = await throwsKind('GUEST_ERROR', /exit code 1.*mkdir: /, () => run('c-files.wasm'));
    assert.equal(error.details.code, 1);
  });

  it('see their arguments and environment, and a time and randomness that are the same in every run', () => {
    const setup = { args: ['--fast', 'naïve'], env: { LANG: 'C', USER: 'anna' } };
    const { output } = run('c-surroundings.wasm', setup);
    const { output: again } = run('c-surroundings.wasm', setup);
    assert.equal(output, again);
    assert.deepEqual(output.split('\n').slice(0, 7), [
      'arg 0: test',
      'arg 1: --fast',
      'arg 2: naïve',
      'env: LANG=C',
      'env: USER=anna',
      'seconds: 0',
      'slept: 3600 s',
    ]);
    const [, random = ''] = output.split('random: ');
    assert.notEqual(random.slice(0, 23), random.slice(24, 47));
  });

  it('see the real time and randomness with the capabilities', () => {
    const { output } = run('c-surroundings.wasm', { capabilities: ['clock', 'random'] });
    assert.match(output, /seconds: 1609459200\nslept: 3600 s\n/);
    assert.notEqual(output.split('random: ')[1], run('c-surroundings.wasm').output.split('random: ')[1]);
  });

  it('that exit with another code than 0 are GUEST_ERROR with the code and the last words', async () => {
    const error = await throwsKind('GUEST_ERROR', /exit code 3.*row 7 has no date/s, () =>
      run('c-exit3.wasm'),
    );
    assert.deepEqual(error.details, { code: 3, stderr: 'reading the ledger\nrow 7 has no date' });
  });

  it('log what they write to standard error, the unended last line too', () => {
    const instance = instantiateWasi(fixture('c-exit3.wasm'));
    assert.throws(() => runProgram(programGuest(instance), instance.io));
    assert.deepEqual(instance.logs, ['info: reading the ledger', 'info: row 7 has no date']);
  });

  it('that write more than they may are OUTPUT_LIMIT', async () => {
    const input = Buffer.from(text);
    await throwsKind('OUTPUT_LIMIT', /wrote 8 bytes, more than the 7/, () =>
      run('c-wordcount.wasm', { input, maxOutputBytes: 7 }),
    );
    assert.equal(run('c-wordcount.wasm', { input, maxOutputBytes: 8 }).output.length, 8);
  });

  it('as reactors are initialized once and called many times, and log what they print', () => {
    const instance = instantiateWasi(fixture('c-reactor.wasm'), { stdout: 'log' });
    const guest = programGuest(instance);
    initializeReactor(guest);
    const call = (input: string): string => {
      const pointer = Number(guest.function('alloc')(input.length));
      new Uint8Array(instance.memory.buffer).set(Buffer.from(input), pointer);
      const result = Number(guest.function('process')(pointer, input.length));
      const length = new DataView(instance.memory.buffer).getUint32(result, true);
      return Buffer.from(instance.memory.buffer, result + 4, length).toString();
    };
    assert.equal(call('hello'), '101:HELLO');
    assert.equal(call(''), '102:');
    assert.deepEqual(instance.logs, ['info: call 101 with 5 bytes', 'info: call 102 with 0 bytes']);
  });
});

describe('Programs in Rust', () => {
  it('count words in a hash map with its random seed', () => {
    const { output } = run('rust-words.wasm', { input: Buffer.from(text) });
    assert.deepEqual(output.split('\n').slice(0, 3), ['3 the', '1 brown', '1 dog']);
  });

  it('work with files, folders and sleep', () => {
    assert.deepEqual(run('rust-files.wasm', { capabilities: ['fs'] }).output.split('\n'), [
      '1000 bytes, [7, 116, 101, 110, 7]',
      '["b", "second.txt"]',
      'gone: NotFound',
      'slept: 5 s',
      '',
    ]);
  });

  it('that panic are TRAP, with the panic in the log', async () => {
    const instance = instantiateWasi(fixture('rust-files.wasm'), { args: ['panic'] });
    await throwsKind('TRAP', /unreachable/, () => runProgram(programGuest(instance), instance.io));
    assert.match(instance.logs[0] ?? '', /^info: thread 'main' panicked at 'told to'/);
  });

  it('are told that input is not UTF-8 by their own library', async () => {
    await throwsKind('TRAP', /unreachable/, () => run('rust-words.wasm', { input: Buffer.from([0xff]) }));
  });
});

describe('Programs in Go', () => {
  it('run goroutines and sleep without any capability', () => {
    assert.equal(run('go-words.wasm.br', { input: Buffer.from(text) }).output, '11 words, slept 2 s\n');
  });

  it('work with files', () => {
    const { output } = run('go-words.wasm.br', { args: ['x.txt'], capabilities: ['fs'] });
    assert.equal(output, '0 words, slept 2 s\nx.txt: written by Go\n');
  });

  it('without the capability for files get an error and exit with 3', async () => {
    await throwsKind('GUEST_ERROR', /exit code 3.*\/out/s, () =>
      run('go-words.wasm.br', { args: ['x.txt'] }),
    );
  });
});

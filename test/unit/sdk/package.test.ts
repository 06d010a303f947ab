import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readManifest } from '../../../wasm-core/binary/manifest.ts';
import { readModule } from '../../../wasm-core/binary/reader.ts';
import { projectRoot } from '../../support/project.ts';

describe('the SDK as a package', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'qt-'));
    const sdk = path.join(projectRoot(), 'dist/sdk');
    // What npm would publish, without asking a registry.
    const packed = run('npm', ['pack', sdk, '--json', '--offline', '--pack-destination', folder], folder);
    const [tarball] = JSON.parse(packed) as readonly { readonly filename: string }[];
    const installed = path.join(folder, 'node_modules/quern-sdk');
    mkdirSync(installed, { recursive: true });
    run('tar', ['-xzf', tarball?.filename ?? '', '-C', installed, '--strip-components', '1'], folder);
    const compiler = path.join(projectRoot(), 'node_modules/assemblyscript');
    symlinkSync(compiler, path.join(folder, 'node_modules/assemblyscript'));
  });
  after(() => rmSync(folder, { recursive: true }));

  it('compiles AssemblyScript as its page says', () => {
    const [command] = /^npx asc (.*)$/m.exec(readFileSync(inSdk('README.md'), 'utf8')) ?? [];
    const args = command?.split(' ').slice(2) ?? assert.fail('no command on the page');
    const template = readFileSync(inSdk('templates/assemblyscript/my_function.ts'), 'utf8');
    writeFileSync(path.join(folder, 'shout.ts'), template.replaceAll('my_function', 'shout'));
    run(process.execPath, [path.join(folder, 'node_modules/assemblyscript/bin/asc.js'), ...args], folder);
    const module = readModule(readFileSync(path.join(folder, 'shout.wasm')));
    const manifest = readManifest(module);
    assert.deepEqual(
      manifest?.functions.map(({ name, returns }) => [name, returns]),
      [['shout', 'VARCHAR']],
    );
  });

  it('holds the headers and the Rust file, with their licence', () => {
    assert.match(readFileSync(inSdk('c/quern.h'), 'utf8'), /QUERN_FUNCTION/);
    assert.match(readFileSync(inSdk('rust/quern.rs'), 'utf8'), /quern_function/);
    assert.match(readFileSync(inSdk('LICENSE'), 'utf8'), /^MIT License/);
    assert.match(readFileSync(inSdk('assemblyscript/LICENSE-assemblyscript'), 'utf8'), /Apache License/);
  });

  function inSdk(name: string): string {
    return path.join(folder, 'node_modules/quern-sdk', name);
  }
});

function run(command: string, args: readonly string[], cwd: string): string {
  const ran = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stderr);
  return ran.stdout;
}

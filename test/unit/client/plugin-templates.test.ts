import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  forFunction,
  PLUGIN_TEMPLATES,
  type PluginTemplate,
  TYPINGS,
} from '../../../client/commands/plugin-templates.ts';
import { projectRoot } from '../../support/project.ts';

interface Compiled {
  readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
  readonly functions: readonly { readonly name: string; readonly doc: string }[];
}

const sdk = path.join(projectRoot(), 'dist/sdk');

describe('what New Plugin writes', () => {
  let root: string;
  let folder: string;
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'qt-'));
    folder = path.join(root, 'plugins');
    mkdirSync(folder);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('is every template of the SDK', () => {
    const languages = readdirSync(path.join(sdk, 'templates')).sort();
    assert.deepEqual(PLUGIN_TEMPLATES.map(({ language }) => language).sort(), languages);
  });

  for (const template of PLUGIN_TEMPLATES) {
    it(`compiles as it is, and documents its function: ${template.label}`, () => {
      const file = projectFile(write(template, 'new_one', folder));
      const args = [path.join(projectRoot(), 'dist/compile.js'), file];
      const ran = spawnSync(process.execPath, args, { encoding: 'utf8' });
      const compiled = JSON.parse(ran.stdout) as Compiled;
      const [first] = compiled.diagnostics;
      // A machine without the compiler is told so, and by which page to get it.
      if (first?.code.startsWith('toolchain/')) {
        assert.equal(compiled.diagnostics.length, 1);
        assert.match(first.message, /Install/);
        return;
      }
      assert.deepEqual(compiled.diagnostics, []);
      assert.deepEqual(
        compiled.functions.map((f) => [f.name, f.doc.length > 20]),
        [['new_one', true]],
      );
    });
  }

  it('is understood by the TypeScript of an editor, which finds what is wrong', () => {
    for (const template of PLUGIN_TEMPLATES) write(template, `new_${template.language}`, folder);
    for (const { from, to } of TYPINGS) cpSync(path.join(sdk, 'assemblyscript', from), path.join(folder, to));
    const examples = path.join(projectRoot(), 'examples/plugins');
    for (const name of readdirSync(examples).filter((file) => file.endsWith('.ts'))) {
      const text = readFileSync(path.join(examples, name), 'utf8');
      writeFileSync(path.join(folder, name), text.replace(/^\/\/ @ts-nocheck.*\n/, ''));
    }
    assert.equal(typeErrors(folder), '');
    writeFileSync(path.join(folder, 'wrong.ts'), "export function wrong(x: f64): i32 { return x + ''; }\n");
    assert.match(typeErrors(folder), /^wrong\.ts\(1,38\): error TS2322: /);
  });
});

/** The file that a plugin of several files is compiled by, else the file itself. */
function projectFile(file: string): string {
  const project = path.join(path.dirname(file), 'go.mod');
  return existsSync(project) ? project : file;
}

/** @returns the file that is opened */
function write(template: PluginTemplate, name: string, folder: string): string {
  const files = template.files.map((file) => {
    const to = path.join(folder, forFunction(file, name));
    mkdirSync(path.dirname(to), { recursive: true });
    const text = readFileSync(path.join(sdk, 'templates', template.language, file), 'utf8');
    writeFileSync(to, forFunction(text, name));
    return to;
  });
  return files[0] ?? assert.fail('a template without files');
}

function typeErrors(folder: string): string {
  const tsc = path.join(projectRoot(), 'node_modules/typescript/bin/tsc');
  return spawnSync(process.execPath, [tsc, '-p', '.'], { cwd: folder, encoding: 'utf8' }).stdout;
}

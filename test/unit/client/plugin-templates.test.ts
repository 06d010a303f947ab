import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PLUGIN_TEMPLATES } from '../../../client/commands/plugin-templates.ts';
import { projectRoot } from '../../support/project.ts';

interface Compiled {
  readonly diagnostics: readonly unknown[];
  readonly functions: readonly { readonly name: string; readonly doc: string }[];
}

describe('what New Plugin writes', () => {
  for (const template of PLUGIN_TEMPLATES) {
    it(`compiles as it is, and documents its function: ${template.label}`, () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'qt-'));
      try {
        const file = path.join(folder, `new_one${template.ending}`);
        writeFileSync(file, template.source('new_one'));
        const args = [path.join(projectRoot(), 'dist/compile.js'), file];
        const ran = spawnSync(process.execPath, args, { encoding: 'utf8' });
        const compiled = JSON.parse(ran.stdout) as Compiled;
        assert.deepEqual(compiled.diagnostics, []);
        assert.deepEqual(
          compiled.functions.map((f) => [f.name, f.doc.length > 20]),
          [['new_one', true]],
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  }
});

import assert from 'node:assert/strict';
import { missingToolCode } from '../../../server/compilers/toolchains/missing-tool.ts';
import {
  DUPLICATE_FUNCTION,
  PLUGIN_CHECKS,
  PLUGIN_ERRORS,
} from '../../../server/plugins/checks/all-checks.ts';
import { DIRECTIVE_HINTS } from '../../../server/sql/directives/directive-codes.ts';
import { LINTS } from '../../../server/sql/lints/all-lints.ts';
import { WAT_FAULT_CODES } from '../../../server/wat/faults.ts';
import { WAT_LINTS } from '../../../server/wat/lints/all-lints.ts';
import {
  WORKSPACE_FAULT,
  WORKSPACE_REFERENCE,
  WORKSPACE_TABLE,
} from '../../../server/workspace-file/workspace-codes.ts';
import { BENCH_REGRESSION } from '../../../wasm-core/protocol/bench/regression.ts';
import { DIAGNOSTIC_LEVELS } from '../../../wasm-core/protocol/lsp.ts';
import { TOOL_NAMES } from '../../../wasm-core/protocol/plugins.ts';
import { readManifest } from '../../support/manifest.ts';
import { readProjectFile } from '../../support/project.ts';
import { projectFiles } from '../../support/sources.ts';

interface LevelSchema {
  readonly enum: readonly string[];
  readonly default: string;
  readonly description: string;
}

const plugins = [...PLUGIN_CHECKS, DUPLICATE_FUNCTION].sort((a, b) => (a.code < b.code ? -1 : 1));
const levels = [
  ...LINTS,
  ...DIRECTIVE_HINTS,
  ...WAT_LINTS,
  ...plugins,
  WORKSPACE_REFERENCE,
  WORKSPACE_TABLE,
  BENCH_REGRESSION,
].map(({ code, level }) => [code, level]);

/** What keeps a module from being loaded, or a folder from having its settings. */
const REFUSALS = [...PLUGIN_ERRORS, WORKSPACE_FAULT].sort();

/** Errors of the compilers that have a page, beside those of the reader. */
const ERROR_CODES = [...WAT_FAULT_CODES, 'wat/type'];
const codes = [...levels.map(([code = '']) => code), ...REFUSALS, ...ERROR_CODES];

function pageOf(code: string): string {
  return `docs/diagnostics/${code.replace('/', '-')}.md`;
}

describe('docs/diagnostics', () => {
  it('lists the hints with their levels', () => {
    const rows = readProjectFile('docs/diagnostics/README.md').matchAll(
      /^\| \[([\w-]+)\]\(\1\.md\) +\| (\w+)/gm,
    );
    assert.deepEqual(
      [...rows].map((row) => [row[1], row[2]]).filter(([code]) => !REFUSALS.includes(code ?? '')),
      levels,
    );
  });

  it('lists what keeps a module from being loaded', () => {
    const [, section = ''] = readProjectFile('docs/diagnostics/README.md').split('## Errors in modules');
    const rows = section.matchAll(/^\| \[([\w-]+)\]\(\1\.md\)/gm);
    assert.deepEqual(
      [...rows].map((row) => row[1]),
      REFUSALS,
    );
  });

  it('lists the errors', () => {
    const rows = readProjectFile('docs/diagnostics/README.md').matchAll(
      /^\| \[(\w+\/[\w-]+)\]\(([\w.-]+)\)/gm,
    );
    assert.deepEqual(
      [...rows].map((row) => [row[1], `docs/diagnostics/${row[2]}`]),
      [...ERROR_CODES].sort().map((code) => [code, pageOf(code)]),
    );
  });

  it('has a page for each, with the rule, why, and examples', () => {
    const pages = projectFiles(['.md']).filter((name) => /^docs\/diagnostics\/[a-z][^/]*$/.test(name));
    assert.deepEqual(pages, codes.map(pageOf).sort());
    for (const code of codes) {
      const page = readProjectFile(pageOf(code));
      // A line of shell in an example is no heading.
      const headings = page.replace(/^```[\s\S]*?^```/gm, '').match(/^#+ .+$/gm);
      assert.deepEqual(headings, [`# ${code}`, '## Why', '## Bad', '## Good'], code);
    }
  });
});

describe('docs/diagnostics/toolchain', () => {
  it('has a page for each tool, with why it is needed and how one gets it', () => {
    const pages = projectFiles(['.md']).filter((name) => name.startsWith('docs/diagnostics/toolchain/'));
    assert.deepEqual(pages, TOOL_NAMES.map((name) => `docs/diagnostics/toolchain/${name}.md`).sort());
    for (const name of TOOL_NAMES) {
      const headings = readProjectFile(`docs/diagnostics/toolchain/${name}.md`).match(/^#+ .+$/gm);
      assert.deepEqual(headings, [`# ${missingToolCode(name)}`, '## Why', '## Install']);
    }
  });
});

describe('the setting quern.diagnostics', () => {
  it('has every hint with its level', () => {
    const manifest = readManifest() as {
      readonly contributes: {
        readonly configuration: {
          readonly properties: {
            readonly 'quern.diagnostics': { readonly properties: Readonly<Record<string, LevelSchema>> };
          };
        };
      };
    };
    const schema = manifest.contributes.configuration.properties['quern.diagnostics'].properties;
    assert.deepEqual(
      Object.entries(schema).map(([code, member]) => [code, member.default]),
      levels,
    );
    for (const member of Object.values(schema)) {
      assert.deepEqual(member.enum, DIAGNOSTIC_LEVELS);
      assert.ok(member.description.length > 20);
    }
  });
});

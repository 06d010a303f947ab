import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Ajv from 'ajv';
import { type CommandOutcome, quern } from '../support/cli.ts';
import { HostHome } from '../support/host-process.ts';
import { SARIF_SCHEMA } from '../support/sarif-schema.ts';

const SHOUT = `@udf
export function shout(s: string): string {
  return s.toUpperCase() + '!';
}
`;

const TWICE = `(module
  ;; @udf twice(x BIGINT) -> BIGINT
  (func (export "twice") (param i64) (result i64) (i64.mul (local.get 0) (i64.const 2))))
`;

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly locations: readonly [
    {
      readonly physicalLocation: {
        readonly artifactLocation: { readonly uri: string };
        readonly region: {
          readonly startLine: number;
          readonly startColumn: number;
          readonly endColumn: number;
        };
      };
    },
  ];
}
interface SarifLog {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: { readonly rules: readonly { id: string; shortDescription?: object }[] };
      };
      readonly results: readonly SarifResult[];
    },
  ];
}

describe('quern check', function () {
  // An engine starts in a second, and in ten on a machine that is busy with other suites.
  this.timeout(180_000);
  const home = new HostHome();
  const folder = path.join(home.folder, 'work');
  const write = (name: string, text: string | Uint8Array): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  const check = (...args: readonly string[]): Promise<CommandOutcome> =>
    quern(home, ['check', ...args], { cwd: folder });

  before(() => {
    write('good/calls.sql', "create table t as select 1 as x;\nselect x, shout('a') from t;\n");
    write('bad.sql', 'select 1;\nselect nope\nfrom range(3);\nselct 2;\n');
    write('good/plugins/text.ts', SHOUT);
    write('plain.sql', 'select 1;\n');
    write('other/broken.sql', "select shout('a'), later(1);\n");
    write('other/plugins/later.wat', '(module\n  (func (export "later")\n');
    write('other/app.ts', 'export const x: number = 1;\n');
    write('other/notes.txt', 'not SQL');
    write('other/node_modules/p/q.sql', 'selct 1');
  });
  after(async () => {
    await quern(home, ['stop']);
    await home.dispose();
  });

  it('says nothing but the count of what is right, and knows no plugin whose file is gone', async () => {
    const { code, stdout, stderr } = await check('good/calls.sql');
    assert.deepEqual([code, stdout, stderr], [0, '2 files checked: no problems\n', '']);
    rmSync(path.join(folder, 'good/plugins/text.ts'));
    const later = await check('good');
    assert.match(later.stdout, /^good\/calls\.sql:2:11: error: .*shout/);
  });

  it('tells each fault in a line, by its place', async () => {
    const { code, stdout } = await check('bad.sql', 'plain.sql');
    const [first, second, ...rest] = stdout.split('\n');
    assert.match(first ?? '', /^bad\.sql:2:8: error: .*"nope" not found.* \[SQL_BIND\]$/);
    assert.match(second ?? '', /^bad\.sql:4:1: error: .*"selct".* \[SQL_PARSE\]$/);
    assert.deepEqual([code, rest], [1, ['2 files checked: 2 errors', '']]);
  });

  it('walks folders, and tells of a plugin that does not compile', async () => {
    const { code, stdout } = await check('other');
    const places = stdout
      .split('\n')
      .map((line) => /^(.*?): error: .*\[(.*)\]$/.exec(line)?.slice(1).join(' '));
    assert.deepEqual(places.filter(Boolean), [
      'other/broken.sql:1:8 SQL_BIND',
      'other/plugins/later.wat:2:3 wat/parse',
    ]);
    assert.equal(code, 1);
  });

  it('checks the SQL in other documents', async () => {
    write('docs/readme.md', '# A\n\n```sql\nselect nope;\n```\n');
    write('docs/plain.md', '# B\n');
    write('docs/query.py', 'q = f"""--sql\nselct {x}"""\n');
    const { code, stdout } = await check('docs');
    const places = stdout
      .split('\n')
      .map((line) => /^(.*?): error: .*\[(.*)\]$/.exec(line)?.slice(1).join(' '));
    assert.deepEqual(places.filter(Boolean), ['docs/query.py:2:1 SQL_PARSE', 'docs/readme.md:4:8 SQL_BIND']);
    assert.deepEqual([code, /^2 files checked/m.test(stdout)], [1, true]);
  });

  it('takes plugins from where it is told', async () => {
    write('lib/twice.wat', TWICE);
    write('calls.sql', 'select twice(1);\n');
    const { code, stdout } = await check('calls.sql', '--plugins', 'lib');
    assert.deepEqual([code, stdout], [0, '2 files checked: no problems\n']);
  });

  it('lets statements name files of allowed folders, and of no others', async () => {
    write('apart/far/data.csv', 'a\n1\n');
    write('apart/near/reads.sql', "from '../far/data.csv';\n");
    const run = (...args: string[]) =>
      quern(home, ['check', 'reads.sql', ...args], { cwd: path.join(folder, 'apart/near') });
    assert.match((await run()).stdout, /^reads\.sql:1:6: error: .*--allow/m);
    assert.equal((await run('--allow', '../far')).code, 0);
  });

  it('prints JSON with places that count from 0', async () => {
    const { code, stdout } = await check('bad.sql', '--json');
    const { files, errorCount, warningCount } = JSON.parse(stdout);
    assert.deepEqual([code, errorCount, warningCount], [1, 2, 0]);
    const bad = files.find((file: { path: string }) => file.path === 'bad.sql');
    assert.deepEqual(
      bad.diagnostics.map((d: { code: string; severity: string; range: object }) => [
        d.code,
        d.severity,
        d.range,
      ]),
      [
        ['SQL_BIND', 'error', { start: { line: 1, character: 7 }, end: { line: 1, character: 11 } }],
        ['SQL_PARSE', 'error', { start: { line: 3, character: 0 }, end: { line: 3, character: 5 } }],
      ],
    );
  });

  it('prints SARIF that its schema allows, with the rules that the documents have', async () => {
    const { code, stdout } = await check('bad.sql', 'other/plugins/later.wat', '--sarif');
    const log = JSON.parse(stdout) as SarifLog;
    const validate = new Ajv({ strict: false }).compile(SARIF_SCHEMA);
    assert.equal(validate(log), true, JSON.stringify(validate.errors));
    const { results, tool } = log.runs[0];
    assert.deepEqual(
      results.map(({ locations: [{ physicalLocation }], ...result }) => [
        result.level,
        tool.driver.rules[result.ruleIndex]?.id,
        physicalLocation.artifactLocation.uri,
        physicalLocation.region.startLine,
      ]),
      [
        ['error', 'SQL_BIND', 'bad.sql', 2],
        ['error', 'SQL_PARSE', 'bad.sql', 4],
        ['error', 'wat/parse', 'other/plugins/later.wat', 2],
      ],
    );
    assert.ok(tool.driver.rules.find(({ id }) => id === 'SQL_PARSE')?.shortDescription);
    assert.equal(code, 1);
  });

  it('takes the plugins that quern.json names, beside the file or above it', async () => {
    write('named/quern.json', '{"plugins": ["udf/**/*.wat"]}');
    write('named/udf/deep/twice.wat', TWICE.replaceAll('twice', 'named_twice'));
    write('named/udf/deep/not.ts', 'const nothing: i32 = "";\n');
    write('named/a.sql', 'select named_twice(2);\n');
    write('named/queries/b.sql', 'select named_twice(3);\nselect nope(1);\n');
    const { code, stdout } = await quern(home, ['check', 'a.sql', 'queries'], {
      cwd: path.join(folder, 'named'),
    });
    assert.match(stdout, /^queries\/b\.sql:2:8: error: .*nope.*\n3 files checked: 1 error\n$/);
    assert.equal(code, 1);
  });

  it('tells of what cannot be read at its start, and checks the rest', async () => {
    write('binary.sql', new Uint8Array([0x73, 0xff, 0xfe, 0]));
    const { code, stdout } = await check('nope.sql', 'binary.sql', 'other/notes.txt', 'plain.sql');
    const told = stdout
      .split('\n')
      .map((line) => /^(\S+): error: .*\[(.*)\]$/.exec(line)?.slice(1).join(' '));
    assert.deepEqual(told.filter(Boolean), [
      'binary.sql:1:1 FORMAT_DATA',
      'nope.sql:1:1 FILE_NOT_FOUND',
      'other/notes.txt:1:1 FORMAT_UNSUPPORTED',
    ]);
    assert.equal(code, 1);
  });

  it('is not run wrongly: exit code 2, with what to do', async () => {
    for (const args of [
      [],
      ['a.sql', '--format', 'xml'],
      ['a.sql', '--sarif', '--json'],
      ['a.sql', '--bogus'],
    ]) {
      const { code, stdout, stderr } = await check(...args);
      assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
      assert.equal(stdout, '');
      assert.match(stderr, /quern --help/);
    }
  });

  it('fails when a folder that it is told of is not there', async () => {
    for (const option of ['--plugins', '--allow']) {
      const { code, stderr } = await check('plain.sql', option, 'nowhere');
      assert.deepEqual([code, /no folder .*nowhere/.test(stderr)], [1, true]);
    }
  });
});

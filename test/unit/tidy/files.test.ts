import assert from 'node:assert/strict';
import { readProjectFile } from '../../support/project.ts';
import { projectFiles } from '../../support/sources.ts';

const CODE = ['.ts', '.mjs', '.cjs', '.js', '.css', '.sh', '.wat', '.sql', '.h', '.rs'];
const TEXT = [...CODE, '.md', '.json', '.html', '.yml', '.yaml', '.txt'];
const MAX_LINES = 400;

/** Files that may be longer, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};

/** `file:line` of every line that matches. */
function lines(files: readonly string[], pattern: RegExp): string[] {
  return files.flatMap((file) =>
    readProjectFile(file)
      .split('\n')
      .flatMap((line, i) => (pattern.test(line) ? [`${file}:${i + 1} ${line.trim().slice(0, 120)}`] : [])),
  );
}

describe('files', () => {
  it(`of code have ${MAX_LINES} lines or fewer`, () => {
    const long = projectFiles(CODE).filter(
      (file) => readProjectFile(file).trimEnd().split('\n').length > MAX_LINES,
    );
    assert.deepEqual(long, Object.keys(LONG_FILES));
  });

  it('name no path of the machine they were written on', () => {
    // In pieces, so that this file does not name one itself.
    const machine = new RegExp(`(^|[^\\w.])/(${['work', 'root'].join('|')})/|/home/[a-z]|/Users/[A-Za-z]`);
    const texts = projectFiles(TEXT).filter((f) => f !== 'test/unit/tidy/files.test.ts');
    assert.deepEqual(lines(texts, machine), []);
  });

  it('leave the registry out of the lock file', () => {
    assert.deepEqual(lines(['package-lock.json'], /"resolved": "http/), []);
  });
});

describe('tests', () => {
  it('are neither skipped nor run alone', () => {
    const tests = projectFiles(['.ts', '.mjs', '.cjs']).filter((f) => f.startsWith('test/'));
    const others = tests.filter((f) => f !== 'test/unit/tidy/files.test.ts');
    const marked =
      /\b(describe|it|context|specify|test|suite)\.(skip|only)\b|\b(xit|xdescribe)\(|\bthis\.skip\(/;
    assert.deepEqual(lines(others, marked), []);
  });
});

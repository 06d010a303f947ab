import assert from 'node:assert/strict';
import { ERROR_CODES, isErrorKind } from '../../../wasm-core/protocol/errors.ts';
import { DEFAULT_LIMITS, MAX_JSON_DEPTH, MAX_LINE_BYTES } from '../../../wasm-core/protocol/limits.ts';
import { readProjectFile } from '../../support/project.ts';

/** Where the requests and notifications of the protocol are. */
const methods = ['methods', 'result-query', 'chains']
  .map((name) => readProjectFile(`wasm-core/protocol/${name}.ts`))
  .join('\n');
const protocol = readProjectFile('docs/protocol.md');
const errors = readProjectFile('docs/errors.md');

/** The keys of an interface that has one member a line, and of those that it extends. */
function membersOf(name: string): string[] {
  const interfaceOf = new RegExp(
    `export interface ${name} (?:extends ([\\w, ]+) )?\\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*)\\n\\}`,
  );
  const [, extended, body] = interfaceOf.exec(methods) ?? [];
  assert.ok(body !== undefined, `the protocol has an interface ${name}`);
  const inherited = extended === undefined ? [] : extended.split(', ').flatMap(membersOf);
  return [...inherited, ...[...body.matchAll(/^ {2}'?([\w/$]+)'?:/gm)].map((m) => m[1] ?? '')];
}

/** The third-level headings under the second-level headings that match. */
function headings(text: string, section: RegExp): string[] {
  const sections = text.split(/^## /m).filter((s) => section.test(s.split('\n')[0] ?? ''));
  return sections.flatMap((s) => [...s.matchAll(/^### (.+)$/gm)].map((m) => m[1] ?? ''));
}

describe('docs/protocol.md', () => {
  it('has a heading for each method and no other', () => {
    assert.deepEqual(headings(protocol, /^Requests: /).sort(), membersOf('HostRequests').sort());
  });

  it('has a heading for each notification and no other', () => {
    const fromHost = headings(protocol, /^Notifications from the host/);
    assert.deepEqual(fromHost.sort(), membersOf('HostNotifications').sort());
    assert.deepEqual(headings(protocol, /^Notifications to the host/), ['$/cancelRequest']);
  });

  it('shows a request and its answer that are JSON, for each method', () => {
    for (const method of membersOf('HostRequests')) {
      const section = protocol.split(`### ${method}\n`)[1]?.split(/^##/m)[0] ?? '';
      const request = /^-> (.+)$/m.exec(section)?.[1] ?? '';
      const answer = /^<- (.+)$/m.exec(section)?.[1] ?? '';
      // Examples leave out what another shows, with an ellipsis.
      const sent = JSON.parse(request) as { id: number; method: string };
      const received = JSON.parse(answer.replaceAll(', …', '')) as { id: number; result: unknown };
      assert.equal(sent.method, method);
      assert.equal(received.id, sent.id, method);
      assert.equal(typeof received.result, 'object', method);
    }
  });

  it('gives the limits that hold', () => {
    for (const number of [...Object.values(DEFAULT_LIMITS), MAX_LINE_BYTES, MAX_JSON_DEPTH]) {
      assert.ok(protocol.includes(number.toLocaleString('en-US')), `${number} is named`);
    }
  });

  it('names no error kind that does not exist', () => {
    const prose = protocol.replace(/^```[\s\S]*?^```/gm, '');
    const named = prose.match(/\b[A-Z]+_[A-Z_]+\b/g) ?? [];
    assert.deepEqual(
      named.filter((kind) => !isErrorKind(kind)),
      [],
    );
  });
});

describe('docs/errors.md', () => {
  it('has each kind with its code under its family, in order, and no other', () => {
    const families = [...new Set(Object.values(ERROR_CODES).map((e) => e.family))];
    const documented = families.map((family) => [family, headings(errors, new RegExp(`^${family}$`))]);
    const declared = families.map((family) => [
      family,
      Object.entries(ERROR_CODES)
        .filter(([, e]) => e.family === family)
        .map(([kind, e]) => `${kind} (${e.code})`),
    ]);
    assert.deepEqual(documented, declared);
    assert.equal(errors.match(/^### /gm)?.length, Object.keys(ERROR_CODES).length);
  });

  it('says something of each kind', () => {
    for (const section of errors.split(/^### /m).slice(1)) {
      const [kind, ...text] = section.split('\n');
      assert.ok(text.join('').trim().length > 30, kind);
    }
  });
});

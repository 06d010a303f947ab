import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseFromWasmPage } from '../../../client/wasm-editor/page-messages.ts';
import { isAnswerTo, parseWasmMessage } from '../../../webview/wasm/parse-wasm-message.ts';

const rows = { kind: 'rows', list: 'functions', search: '', descending: false, first: 0, count: 10 } as const;

describe('what the page of a .wasm file may ask for', () => {
  it('is the actions that are listed, with nothing else in them', () => {
    const asked = [
      { type: 'ready' },
      { type: 'compare' },
      { type: 'copyWat' },
      { type: 'copyWat', function: 3 },
      { type: 'ask', id: 1, question: { kind: 'overview' } },
      { type: 'ask', id: 2, question: rows },
      { type: 'ask', id: 3, question: { ...rows, sort: 2 } },
      { type: 'ask', id: 4, question: { kind: 'lines', function: 0, first: 0, count: 5 } },
      { type: 'ask', id: 5, question: { kind: 'find', function: 0, text: 'x', from: 0 } },
      { type: 'ask', id: 7, question: { kind: 'named', text: 'main' } },
      { type: 'ask', id: 6, question: { kind: 'calls', function: 0 } },
    ];
    for (const message of asked) {
      assert.deepEqual(parseFromWasmPage({ ...message, command: 'workbench.action.quit' }), message);
    }
  });

  it('is nothing of any other form', () => {
    const refused: readonly unknown[] = [
      undefined,
      'ready',
      { type: 'run', command: 'x' },
      { type: 'copyWat', function: -1 },
      { type: 'ask', id: 1 },
      { type: 'ask', id: 1.5, question: { kind: 'overview' } },
      { type: 'ask', id: 1, question: { kind: 'open', path: '/etc/passwd' } },
      { type: 'ask', id: 1, question: { ...rows, list: 'files' } },
      { type: 'ask', id: 1, question: { ...rows, count: Number.NaN } },
      { type: 'ask', id: 1, question: { ...rows, search: 'x'.repeat(20_000) } },
      { type: 'ask', id: 1, question: { kind: 'lines', function: 0, first: '0', count: 5 } },
    ];
    for (const message of refused) assert.equal(parseFromWasmPage(message), undefined);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const parsed = parseFromWasmPage(value);
        assert.ok(parsed === undefined || ['ready', 'ask', 'copyWat', 'compare'].includes(parsed.type));
      }),
    );
  });
});

describe('what the page of a .wasm file takes', () => {
  it('is what the extension sends', () => {
    for (const message of [
      { type: 'opened', name: 'a.wasm' },
      { type: 'answer', id: 1, answer: { line: 3 } },
      { type: 'refused', id: 1, message: 'no' },
      { type: 'show', function: 2 },
      { type: 'notice', message: 'done', isError: false },
    ]) {
      assert.deepEqual(parseWasmMessage(message), message);
    }
    assert.equal(parseWasmMessage({ type: 'opened' }), undefined);
    assert.equal(parseWasmMessage({ type: 'compared', comparison: {} }), undefined);
  });

  it('is no answer to another question', () => {
    assert.ok(isAnswerTo({ kind: 'find', function: 0, text: 'x', from: 0 }, { line: -1 }));
    assert.ok(!isAnswerTo({ kind: 'overview' }, { line: -1 }));
    const page = { total: 1, first: 0, rows: [{ cells: ['0', 'f', '(func)', '2'], function: 0 }] };
    assert.ok(isAnswerTo(rows, page));
    assert.ok(!isAnswerTo({ ...rows, list: 'changes' }, page), 'the rows have too few cells');
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const kind of ['overview', 'calls', 'lines'] as const) {
          const question = kind === 'overview' ? { kind } : { kind, function: 0, first: 0, count: 1 };
          assert.equal(isAnswerTo(question, value), false);
        }
      }),
    );
  });
});

import assert from 'node:assert/strict';
import { HostHome } from '../support/host-process.ts';
import type { RawClient } from '../support/raw-client.ts';

/** Method, parameters, and what the message names. */
const REFUSED: readonly (readonly [string, unknown, RegExp])[] = [
  ['host/stats', { extra: 1 }, /extra/],
  ['host/stats', [1], /params must be an object/],
  ['host/stats', 'x', /params must be an object/],
  ['module/load', {}, /path.*bytes/],
  ['module/load', { path: 'relative.wasm' }, /path must be an absolute path/],
  ['module/load', { path: '/x.wasm', bytes: { base64: '' } }, /exactly one/],
  ['module/load', { bytes: { base64: 'AGFzbQ==' } }, /name/],
  ['module/load', { bytes: { base64: '%%' }, name: 'x' }, /bytes must be/],
  ['module/load', { bytes: 'AGFzbQ==', name: 'x' }, /bytes must be/],
  ['module/load', { path: '/a\0b' }, /NUL/],
  ['module/load', { path: '/x.wasm', nam: 'x' }, /Did you mean name/],
  ['module/load', { bytes: { base64: 'AGFzbQ==' }, name: 'x', grant: 'state' }, /grant must be an array/],
  ['module/load', { bytes: { base64: 'AGFzbQ==' }, name: 'x', grant: ['net'] }, /no capability "net"/],
  ['module/get', {}, /module must be a string/],
  ['module/get', { module: '' }, /module must be a string/],
  ['module/get', { module: 5 }, /module must be a string/],
  ['module/list', { namespace: 5 }, /namespace/],
  ['chain/execute', { steps: 'a', input: { utf8: '' } }, /steps must be an array/],
  ['chain/execute', { steps: [], input: { utf8: '' } }, /1 to 64/],
  ['chain/execute', { steps: Array(65).fill('a'), input: { utf8: '' } }, /has 65 steps; a chain has 1 to 64/],
  ['sql/open', { folder: 'here' }, /folder must be an absolute path/],
  ['sql/open', {}, /folder must be a string/],
  ['sql/open', { folder: '/', allow: ['x'] }, /allow\[0\]/],
];

describe('host: parameters', () => {
  const home = new HostHome();
  let client: RawClient;
  before(async () => {
    await home.start();
    client = await home.raw({ hello: true });
  });
  after(() => home.dispose());

  for (const [method, params, message] of REFUSED) {
    it(`refuses ${method} with ${JSON.stringify(params).slice(0, 60)}`, async () => {
      const { error } = await client.request(method, params);
      assert.equal(error?.data.kind, 'PARAMS_INVALID', JSON.stringify(error));
      assert.match(error?.message ?? '', message);
    });
  }

  it('takes null for what is left out, as other languages write it', async () => {
    assert.ok((await client.request('host/stats', null)).result);
    assert.ok((await client.request('module/list', { namespace: null })).result);
  });

  it('knows no session that the connection did not open', async () => {
    const opened = await client.request('sql/open', { folder: home.folder });
    const { session } = opened.result as { session: string };
    const other = await home.raw({ hello: true });
    const { error } = await other.request('sql/run', { session, sql: 'select 1' });
    assert.equal(error?.data.kind, 'SESSION_UNKNOWN');
    assert.ok((await client.request('sql/close', { session })).result);
    assert.equal(
      (await client.request('sql/check', { session, sql: '' })).error?.data.kind,
      'SESSION_UNKNOWN',
    );
  });
});

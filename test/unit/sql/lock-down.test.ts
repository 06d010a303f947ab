import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import path from 'node:path';
import { promisify } from 'node:util';

const ENTRY = path.join(__dirname, 'lock-down.entry.cjs');

describe('a process that is locked down', () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => void server.close());

  const attempts = async (...more: readonly string[]): Promise<[string, string][]> => {
    const { port } = server.address() as AddressInfo;
    const flag = process.allowedNodeEnvironmentFlags.has('--permission')
      ? '--permission'
      : '--experimental-permission';
    const own = ['--no-warnings', flag, `--allow-fs-read=${ENTRY}`, ENTRY];
    const args = [...own, String(port), String(process.pid), ...more];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: {} });
    return Object.entries(JSON.parse(stdout) as Record<string, string>);
  };

  it('reaches nobody, even with all of JavaScript at hand and no network namespace', async () => {
    const results = await attempts();
    assert.ok(results.length > 30);
    assert.deepEqual(
      results.filter(([, result]) => result.startsWith('reached')),
      [],
    );
    assert.equal(connections, 0);
  });

  it('would reach somebody if it were not', async () => {
    const results = await attempts('open');
    assert.equal(results[0]?.[1], 'reached object');
    assert.equal(results.find(([name]) => name === 'import node:net')?.[1].startsWith('reached'), true);
  });
});

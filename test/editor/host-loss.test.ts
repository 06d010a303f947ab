import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { QuernApi } from '../../client/api.ts';
import { eventually } from '../support/eventually.ts';
import { extension } from '../support/vscode/extension.ts';
import { rowsOf } from '../support/vscode/rows.ts';
import { pluginsInForce, runText } from '../support/vscode/run.ts';

const LONG = 'select count(*) from range(100000000) a, range(100000) b where a.range + b.range = 7';

/** The process of the host that the window uses. */
function hostPid(api: QuernApi): number {
  const state = api.hostState();
  assert.equal(state.type, 'running');
  return state.type === 'running' ? state.pid : 0;
}

describe('a host that is killed', () => {
  before(pluginsInForce);

  it('in the middle of a run fails the run, is started again, and has lost no plugin', async () => {
    const api = await extension();
    const killed = hostPid(api);
    const run = runText(LONG);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    process.kill(killed, 'SIGKILL');
    const outcome = await run;
    assert.equal(outcome?.type, 'failed');
    if (outcome?.type === 'failed') assert.equal(outcome.kind, 'HOST_LOST');
    const started = await eventually('another host', () => {
      const pid = hostPid(api);
      return pid === killed ? undefined : pid;
    });
    assert.notEqual(started, killed);
    assert.deepEqual(rowsOf(await runText("select slug('Still Here')")), [['still-here']]);
  });

  it('between two runs is started by the next', async () => {
    const api = await extension();
    await runText('select 1');
    process.kill(hostPid(api), 'SIGKILL');
    await eventually('the loss', () => (api.hostState().type === 'running' ? undefined : true), 2_000).catch(
      // It may be back before anybody looked.
      () => undefined,
    );
    assert.deepEqual(rowsOf(await runText("select slug('And Again')")), [['and-again']]);
  });

  it('is stopped by the command, and started again by the next run', async () => {
    const api = await extension();
    await runText('select 1');
    await vscode.commands.executeCommand('quern.stopHost');
    assert.equal(api.hostState().type, 'stopped');
    assert.deepEqual(rowsOf(await runText("select slug('Once More')")), [['once-more']]);
  });
});

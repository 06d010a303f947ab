import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Workbench } from '../../support/vscode/workbench.ts';

describe('a folder that nobody has trusted', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'qr-'));
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({ restricted: true, home });
  });
  after(async () => {
    await workbench?.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('runs nothing, starts no host, and says what to do', async () => {
    await workbench.openFile('movies.sql');
    await workbench.click('select "Title"');
    await workbench.page.keyboard.press('Control+Enter');
    const toast = workbench.page.locator('.notification-toast', { hasText: /trust/i });
    await toast.getByRole('button', { name: 'Manage Workspace Trust' }).waitFor();
    await workbench.screenshot('10-restricted');
    assert.equal(existsSync(path.join(home, 'run')), false);
  });
});

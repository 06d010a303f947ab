/*
 * Runs the mocha tests of this folder inside an extension host: of a VS Code server, or of a downloaded desktop VS Code.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { projectRoot } from '../support/project.ts';
import { variable } from '../support/vscode/environment.ts';

/**
 * Called by VS Code once the window is there.
 *
 * @throws Error when a test failed
 */
export function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    color: false,
    timeout: 180_000,
    retries: 1,
    reporter: path.join(projectRoot(), 'tools/lib/mocha-reporter.cjs'),
    reporterOptions: { output: variable(process.env, 'QUERN_TEST_REPORT') },
  });
  const files = readdirSync(__dirname).filter((name) => name.endsWith('.test.cjs'));
  for (const name of files.sort()) mocha.addFile(path.join(__dirname, name));
  return new Promise((resolve, reject) => {
    mocha.run((failures) => (failures > 0 ? reject(new Error(`${failures} tests failed`)) : resolve()));
  });
}

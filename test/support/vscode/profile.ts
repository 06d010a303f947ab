import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Folders of one VS Code server of its own. */
export interface Profile {
  readonly folder: string;
  readonly userData: string;
  readonly extensions: string;
  readonly serverData: string;
  /** Deletes all of it. */
  remove(): void;
}

/** Settings of every window in the tests: nothing from outside, nothing that moves. */
const SETTINGS = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'workbench.startupEditor': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'window.restoreWindows': 'none',
  'git.enabled': false,
  'remote.autoForwardPorts': false,
  'typescript.tsserver.enabled': false,
  'editor.cursorBlinking': 'solid',
  'files.autoSave': 'off',
};

/**
 * Makes a profile in a temporary folder.
 *
 * @param settings beside the ones that every test has
 */
export function createProfile(settings: Readonly<Record<string, unknown>> = {}): Profile {
  const folder = mkdtempSync(path.join(tmpdir(), 'quern-vscode-'));
  const userData = path.join(folder, 'user');
  const text = JSON.stringify({ ...SETTINGS, ...settings }, null, 1);
  // The server hands machine settings to the workbench, whatever the browser's own storage says.
  for (const scope of ['User', 'Machine']) {
    mkdirSync(path.join(userData, scope), { recursive: true });
    writeFileSync(path.join(userData, scope, 'settings.json'), text);
  }
  const extensions = path.join(folder, 'extensions');
  mkdirSync(extensions);
  const serverData = path.join(folder, 'server');
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  return { folder, userData, extensions, serverData, remove };
}

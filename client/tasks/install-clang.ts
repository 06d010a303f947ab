import * as vscode from 'vscode';
import { hostPaths } from '../../wasm-core/connect/paths.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { Commands } from '../commands/register.ts';
import type { LanguageService } from '../language-client.ts';
import { readSettings } from '../settings.ts';
import { checkTrust } from '../trust.ts';

/** What is installed: the version that Quern was tried with. */
const PACKAGE = '@yowasp/clang@22.0.0-git20542-10';

const COMMAND = 'quern.installClang';

/** The command that installs a clang without a toolchain, when the user has said yes. */
export function installCommands(languages: LanguageService): Commands {
  return {
    'quern.installClang': async () => {
      if (!(await checkTrust())) return;
      const { home } = readSettings();
      const folder = vscode.Uri.joinPath(
        vscode.Uri.file(hostPaths(home === undefined ? {} : { home }).home),
        'tools',
      ).fsPath;
      if (!(await isWanted(folder))) return;
      await install(folder);
      // Its next scan compiles what failed for the lack of it.
      await languages.start();
      void vscode.window.showInformationMessage(
        vscode.l10n.t('@yowasp/clang is installed: plugins in C and C++ are compiled with it.'),
      );
    },
  };
}

/** Offers the command beside a diagnostic that says that clang is missing. */
export function offerClang(): vscode.Disposable {
  const kind = vscode.CodeActionKind.QuickFix;
  const selector = ['c', 'cpp', 'plaintext'].map((language) => ({ language, scheme: 'file' }));
  return vscode.languages.registerCodeActionsProvider(
    selector,
    {
      provideCodeActions: (_document, _range, { diagnostics }) => {
        const missing = diagnostics.filter(({ code }) => code === 'toolchain/clang');
        if (missing.length === 0) return [];
        const action = new vscode.CodeAction(vscode.l10n.t('Install @yowasp/clang…'), kind);
        action.command = { command: COMMAND, title: vscode.l10n.t('Install @yowasp/clang…') };
        action.diagnostics = missing;
        return [action];
      },
    },
    { providedCodeActionKinds: [kind] },
  );
}

async function isWanted(folder: string): Promise<boolean> {
  const install = vscode.l10n.t('Install');
  const detail = vscode.l10n.t(
    'Your own npm downloads {0}, about 100 MB, into {1}. It is clang compiled to WebAssembly: it runs without a network, takes some 400 MB of memory while it compiles, and several seconds for each source. A clang of your system is faster, and is used instead as soon as there is one.',
    PACKAGE,
    folder,
  );
  const picked = await vscode.window.showWarningMessage(
    vscode.l10n.t('Install @yowasp/clang for plugins in C and C++?'),
    { modal: true, detail },
    install,
  );
  return picked === install;
}

/** @throws CoreError INTERNAL when npm is not there or fails; its terminal shows why */
async function install(folder: string): Promise<void> {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', PACKAGE];
  const execution = new vscode.ProcessExecution(npm, args);
  const name = 'install @yowasp/clang';
  const task = new vscode.Task({ type: 'process' }, vscode.TaskScope.Global, name, 'quern', execution);
  const started = await vscode.tasks.executeTask(task);
  const exitCode = await new Promise<number | undefined>((resolve) => {
    const listeners = vscode.Disposable.from(
      vscode.tasks.onDidEndTaskProcess((event) => end(event.execution, event.exitCode)),
      // Of a process that could not be started there is no end.
      vscode.tasks.onDidEndTask((event) => end(event.execution, undefined)),
    );
    const end = (ended: vscode.TaskExecution, code: number | undefined): void => {
      if (ended !== started) return;
      listeners.dispose();
      resolve(code);
    };
  });
  if (exitCode === 0) return;
  throw new CoreError(
    'INTERNAL',
    vscode.l10n.t('npm could not install {0}; its terminal shows why. Is npm on PATH?', PACKAGE),
  );
}

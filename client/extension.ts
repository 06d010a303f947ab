import * as vscode from 'vscode';
import type { QuernApi } from './api.ts';
import { hostCommands } from './commands/host-commands.ts';
import { pluginCommands } from './commands/plugin-commands.ts';
import { registerCommands } from './commands/register.ts';
import { runCommands } from './commands/run-commands.ts';
import { HostLink } from './host/host-link.ts';
import { HostRecovery } from './host/host-recovery.ts';
import { Sessions } from './host/sessions.ts';
import { LanguageService } from './language-client.ts';
import { ResultsPanel } from './results/results-panel.ts';
import { EditHistory } from './run/edit-history.ts';
import { PluginSaves } from './run/plugin-saves.ts';
import { RunDiagnostics } from './run/run-diagnostics.ts';
import { Runner } from './run/runner.ts';
import { readSettings } from './settings.ts';
import { StatusItem } from './status-item.ts';
import { followEdits, followRuns, followSettings, followTrust } from './window-events.ts';

/** VS Code calls this when a SQL or WAT document opens, or the folder has plugins. It only wires. */
export function activate(context: vscode.ExtensionContext): QuernApi {
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const dist = vscode.Uri.joinPath(context.extensionUri, 'dist');
  const file = (name: string) => vscode.Uri.joinPath(dist, name).fsPath;
  const sessionKey = crypto.randomUUID();

  const log = own(vscode.window.createOutputChannel('Quern', { log: true }));
  const link = own(new HostLink({ hostPath: file('host.js'), settings: readSettings, log }));
  const recovery = own(new HostRecovery(link, log));
  const sessions = new Sessions(link, { sessionKey, scratch: context.globalStorageUri });
  const languages = own(new LanguageService({ serverPath: file('server.js'), sessionKey, log }));
  const saves = own(new PluginSaves());
  const diagnostics = own(new RunDiagnostics());
  const view = own(new ResultsPanel(dist));
  const settled = async () => {
    await saves.settled();
    await languages.settled();
  };
  const runner = own(new Runner({ link, sessions, settled, diagnostics, view, log }));
  const edits = new EditHistory();
  own(new StatusItem(link, runner));

  // First, because lenses wait for it.
  const ready = languages.start();
  ready.catch((error: unknown) => log.error(`The language server did not start: ${error}`));
  own({ dispose: () => void languages.stop() });

  own(view.onDidAskCancel(() => runner.cancel()));
  own(languages.onDidCompile((state) => saves.compiled(state.uri)));
  own(followEdits(edits));
  own(followRuns(runner));
  own(followSettings({ languages, link, sessions, log }));
  own(followTrust({ languages, link, log }));
  own(registerCommands(runCommands(runner, edits), log));
  own(registerCommands(hostCommands({ link, recovery, log }), log));
  own(registerCommands(pluginCommands(link, languages), log));

  return { lastOutcome: () => runner.lastOutcome, hostState: () => link.state, ready };
}

import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';

/** Commands by name. From the explorer they get the resource that was clicked, and all that are selected. */
export type Commands = Readonly<
  Record<string, (argument?: unknown, selection?: unknown) => Promise<unknown> | unknown>
>;

/** Registers commands. What one throws is shown: a `CoreError` as it is, a bug with the way to its trace. */
export function registerCommands(commands: Commands, log: vscode.LogOutputChannel): vscode.Disposable {
  const registered = Object.entries(commands).map(([name, run]) =>
    vscode.commands.registerCommand(name, async (argument?: unknown, selection?: unknown) => {
      try {
        await run(argument, selection);
      } catch (error) {
        showError(error, log);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

function showError(error: unknown, log: vscode.LogOutputChannel): void {
  const known = error instanceof CoreError;
  if (known) log.warn(`${error.kind}: ${error.message}`);
  else log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const message = known
    ? error.message
    : vscode.l10n.t('Quern met a fault of its own; its output channel has the details.');
  const output = vscode.l10n.t('Show Output');
  // Not awaited: a command must not wait for a message that nobody closes.
  void vscode.window.showErrorMessage(message, output).then((picked) => {
    if (picked === output) log.show();
  });
}

import * as vscode from 'vscode';
import type { HostLink, HostLoss } from './host-link.ts';
import { createRestartPolicy } from './restart-policy.ts';

/**
 * Says when the host was lost in the middle of a run, and starts it again as the restart policy allows.
 * A host that leaves while this window asks nothing of it (another window stopped it, or it was idle) is started by the
 * next run instead.
 */
export class HostRecovery implements vscode.Disposable {
  readonly #link: HostLink;
  readonly #log: vscode.LogOutputChannel;
  readonly #listener: vscode.Disposable;
  #policy = createRestartPolicy();
  #timer: NodeJS.Timeout | undefined;

  constructor(link: HostLink, log: vscode.LogOutputChannel) {
    this.#link = link;
    this.#log = log;
    this.#listener = link.onDidLose((loss) => {
      if (loss.pendingCount > 0) this.#lost(loss);
    });
  }

  /**
   * Starts the host because the user asked; earlier losses no longer count.
   *
   * @throws CoreError as `HostLink.connection`
   */
  async start(): Promise<void> {
    this.#policy = createRestartPolicy();
    await this.#link.connection();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listener.dispose();
  }

  #lost(loss: HostLoss): void {
    const delayMs = this.#policy.next(performance.now());
    if (delayMs === undefined) {
      void this.#offerStart(
        vscode.l10n.t('The Quern host stopped again and again; it is not started any more by itself.'),
      );
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#restart(loss), delayMs);
  }

  async #restart(loss: HostLoss): Promise<void> {
    try {
      const { pid } = await this.#link.connection();
      this.#log.info(`The host was started again, process ${pid}.`);
      void this.#say(
        vscode.l10n.t(
          'The Quern host (process {0}) stopped in the middle of a run. It was started again: run the statement once more.',
          loss.pid,
        ),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const what = vscode.l10n.t(
        'The Quern host stopped in the middle of a run and could not be started again.',
      );
      void this.#offerStart(`${what} ${reason}`);
    }
  }

  async #say(message: string): Promise<void> {
    // With something to press the notification shows its whole text.
    const output = vscode.l10n.t('Show Output');
    if ((await vscode.window.showWarningMessage(message, output)) === output) this.#log.show();
  }

  async #offerStart(message: string): Promise<void> {
    const [start, output] = [vscode.l10n.t('Start Host'), vscode.l10n.t('Show Output')];
    const picked = await vscode.window.showErrorMessage(message, start, output);
    if (picked === start) await vscode.commands.executeCommand('quern.startHost');
    if (picked === output) this.#log.show();
  }
}

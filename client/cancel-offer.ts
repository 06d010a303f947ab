import * as vscode from 'vscode';

/** Tells that work under way keeps other work waiting, for as long as it does, with a way to cancel it. */
export class CancelOffer {
  #close: (() => void) | undefined;

  /**
   * Shows the message, once until the work has ended.
   *
   * @param cancel ends the work
   */
  show(title: string, cancel: () => void): void {
    if (this.#close !== undefined) return;
    const ended = new Promise<void>((resolve) => {
      this.#close = resolve;
    });
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void vscode.window.withProgress(options, (_progress, token) => {
      token.onCancellationRequested(cancel);
      return ended;
    });
  }

  /** The work has ended, and the message goes. */
  close(): void {
    this.#close?.();
    this.#close = undefined;
  }
}

import * as vscode from 'vscode';
import { assertNever } from '../wasm-core/protocol/assert-never.ts';
import type { HostLink, HostState } from './host/host-link.ts';
import type { RunState } from './run/run-outcome.ts';
import type { Runner } from './run/runner.ts';

interface Look {
  readonly text: string;
  readonly tooltip: string;
  readonly command: string;
}

/** The status bar's item: whether the host runs, and what. A click cancels a run, else shows the host's status. */
export class StatusItem implements vscode.Disposable {
  readonly #link: HostLink;
  readonly #runner: Runner;
  readonly #item = vscode.window.createStatusBarItem('quern.host', vscode.StatusBarAlignment.Left, 0);
  readonly #listeners: readonly vscode.Disposable[];

  constructor(link: HostLink, runner: Runner) {
    this.#link = link;
    this.#runner = runner;
    this.#item.name = 'Quern';
    this.#listeners = [
      link.onDidChangeState(() => this.#draw()),
      runner.onDidChangeState(() => this.#draw()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.#draw()),
    ];
    this.#draw();
    this.#item.show();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#item.dispose();
  }

  #draw(): void {
    const { text, tooltip, command } = look(this.#link.state, this.#runner.state);
    this.#item.text = text;
    this.#item.tooltip = tooltip;
    this.#item.command = command;
    this.#item.accessibilityInformation = { label: `Quern: ${tooltip}` };
  }
}

function look(host: HostState, run: RunState): Look {
  if (!vscode.workspace.isTrusted) {
    const tooltip = vscode.l10n.t('Restricted Mode: nothing runs.');
    return { text: '$(shield) Quern', tooltip, command: 'workbench.trust.manage' };
  }
  if (run.type === 'running') {
    const waits = run.message === undefined ? '' : `\n${run.message}`;
    const percent = run.percent >= 0 ? ` ${Math.round(run.percent)} %` : '';
    const tooltip = vscode.l10n.t('Running: {0}{1}\nPress to cancel.', run.title, waits);
    return { text: `$(loading~spin) Quern${percent}`, tooltip, command: 'quern.cancel' };
  }
  const command = 'quern.showStatus';
  switch (host.type) {
    case 'running':
      return {
        text: '$(database) Quern',
        tooltip: vscode.l10n.t('The host runs, process {0}.', host.pid),
        command,
      };
    case 'starting':
      return { text: '$(loading~spin) Quern', tooltip: vscode.l10n.t('The host is starting.'), command };
    case 'stopped': {
      const why = host.reason ?? vscode.l10n.t('The next run starts it.');
      const icon = host.reason === undefined ? 'circle-slash' : 'warning';
      return { text: `$(${icon}) Quern`, tooltip: vscode.l10n.t('The host does not run. {0}', why), command };
    }
    default:
      return assertNever(host);
  }
}

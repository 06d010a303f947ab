import * as vscode from 'vscode';
import { counted } from '../../wasm-core/protocol/figures.ts';
import type { StatsResult } from '../../wasm-core/protocol/stats.ts';
import type { HostLink } from '../host/host-link.ts';
import type { HostRecovery } from '../host/host-recovery.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

interface HostCommandParts {
  readonly link: HostLink;
  readonly recovery: HostRecovery;
  readonly log: vscode.LogOutputChannel;
}

/** Commands about the host. */
export function hostCommands(parts: HostCommandParts): Commands {
  const { link, recovery, log } = parts;
  return {
    'quern.startHost': async () => {
      if (await checkTrust()) await recovery.start();
    },
    'quern.restartHost': async () => {
      if (!(await checkTrust())) return;
      await link.stop();
      await recovery.start();
    },
    'quern.stopHost': () => link.stop(),
    'quern.showStatus': () => showStatus(link),
    'quern.showOutput': () => log.show(),
  };
}

interface StatusEntry extends vscode.QuickPickItem {
  readonly command?: string;
}

async function showStatus(link: HostLink): Promise<void> {
  const running = link.state.type === 'running';
  const fact = running ? statsEntry(await link.request('host/stats', undefined)) : stoppedEntry(link);
  const [start, stop] = ['quern.startHost', 'quern.stopHost'];
  const actions: StatusEntry[] = running
    ? [
        { label: `$(debug-restart) ${vscode.l10n.t('Restart Host')}`, command: 'quern.restartHost' },
        { label: `$(debug-stop) ${vscode.l10n.t('Stop Host')}`, command: stop },
      ]
    : [{ label: `$(play) ${vscode.l10n.t('Start Host')}`, command: start }];
  const separator = { label: '', kind: vscode.QuickPickItemKind.Separator };
  const output = { label: `$(output) ${vscode.l10n.t('Show Output')}`, command: 'quern.showOutput' };
  const items: StatusEntry[] = [fact, separator, ...actions, output];
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Quern Host') });
  if (picked?.command !== undefined) await vscode.commands.executeCommand(picked.command);
}

function stoppedEntry({ state }: HostLink): StatusEntry {
  const detail =
    state.type === 'stopped'
      ? (state.reason ?? vscode.l10n.t('The next run starts it.'))
      : vscode.l10n.t('It is starting.');
  return { label: `$(circle-slash) ${vscode.l10n.t('The host does not run')}`, detail };
}

function statsEntry(stats: StatsResult): StatusEntry {
  const counts = [
    counted(stats.modules, vscode.l10n.t('{0} module'), vscode.l10n.t('{0} modules')),
    counted(stats.sessions, vscode.l10n.t('{0} session'), vscode.l10n.t('{0} sessions')),
    counted(stats.connections, vscode.l10n.t('{0} connection'), vscode.l10n.t('{0} connections')),
  ];
  const megabytes = (stats.rssBytes / 1024 / 1024).toFixed(0);
  return {
    label: `$(database) ${vscode.l10n.t('Process {0}, version {1}', stats.pid, stats.version)}`,
    detail: vscode.l10n.t('{0}, {1} MB, up {2}', counts.join(', '), megabytes, duration(stats.uptimeMs)),
  };
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

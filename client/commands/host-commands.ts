import * as vscode from 'vscode';
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
        { label: '$(debug-restart) Restart Host', command: 'quern.restartHost' },
        { label: '$(debug-stop) Stop Host', command: stop },
      ]
    : [{ label: '$(play) Start Host', command: start }];
  const separator = { label: '', kind: vscode.QuickPickItemKind.Separator };
  const output = { label: '$(output) Show Output', command: 'quern.showOutput' };
  const items: StatusEntry[] = [fact, separator, ...actions, output];
  const picked = await vscode.window.showQuickPick(items, { title: 'Quern Host' });
  if (picked?.command !== undefined) await vscode.commands.executeCommand(picked.command);
}

function stoppedEntry({ state }: HostLink): StatusEntry {
  const detail = state.type === 'stopped' ? (state.reason ?? 'The next run starts it.') : 'It is starting.';
  return { label: '$(circle-slash) The host does not run', detail };
}

function statsEntry(stats: StatsResult): StatusEntry {
  const counts = [
    count(stats.modules, 'module'),
    count(stats.sessions, 'session'),
    count(stats.connections, 'connection'),
  ];
  const megabytes = (stats.rssBytes / 1024 / 1024).toFixed(0);
  return {
    label: `$(database) Process ${stats.pid}, version ${stats.version}`,
    detail: `${counts.join(', ')}, ${megabytes} MB, up ${duration(stats.uptimeMs)}`,
  };
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

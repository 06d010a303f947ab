import * as vscode from 'vscode';
import type { ReplayRunResult, TrapSource } from '../../wasm-core/protocol/replays.ts';
import type { HostLink } from '../host/host-link.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

interface ReplayCommandParts {
  readonly link: HostLink;
  readonly log: vscode.LogOutputChannel;
}

/** Commands about calls of plugins that failed. */
export function replayCommands({ link, log }: ReplayCommandParts): Commands {
  return {
    /** Takes the id of a failed call; without one it is the newest. */
    'quern.replayCall': async (argument) => {
      if (!(await checkTrust())) return;
      const result = await link.request('replay/run', typeof argument === 'string' ? { id: argument } : {});
      report(result, log);
      const source = result.error?.details.source as TrapSource | undefined;
      if (source?.path !== undefined) await reveal(source, source.path);
    },
    /** Takes the id of a failed call; without one it is the newest. */
    'quern.saveReplayTest': async (argument) => {
      if (!(await checkTrust())) return;
      const { replay, text } = await link.request(
        'replay/test',
        typeof argument === 'string' ? { id: argument } : {},
      );
      await saveTest(replay.module, text);
    },
  };
}

/** Puts a test behind those of a file that the user chooses, and shows it there, for him to save. */
async function saveTest(module: string, text: string): Promise<void> {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save the call as a test behind those of a file'),
    saveLabel: vscode.l10n.t('Add Test'),
    filters: { [vscode.l10n.t('SQL tests')]: ['test.sql'] },
    ...(root && { defaultUri: vscode.Uri.joinPath(root, 'plugins', `${module}.test.sql`) }),
  });
  if (uri === undefined) return;
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true });
  await vscode.workspace.applyEdit(edit);
  const editor = await vscode.window.showTextDocument(uri);
  const { document } = editor;
  const before = document.getText();
  const gap = before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n';
  const end = document.positionAt(before.length);
  await editor.edit((builder) => builder.insert(end, gap + text));
  editor.revealRange(new vscode.Range(end, end));
}

function report(
  { replay, digest, result, output, error }: ReplayRunResult,
  log: vscode.LogOutputChannel,
): void {
  const bytes = digest === replay.digest ? 'the bytes that failed' : 'the bytes of now';
  log.info(`Replay ${replay.id}: ${replay.module}.${replay.function}(${replay.shown}) by ${bytes}`);
  if (error === undefined) {
    const given = JSON.stringify(output ?? result ?? null);
    log.info(`It gave ${given}`);
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} gave {1}.', replay.function, shortened(given)),
    );
    return;
  }
  log.error(`${error.kind}: ${error.message}`);
  const { frames } = error.details as {
    readonly frames?: readonly (Partial<TrapSource> & { name: string })[];
  };
  for (const { name, file, line, column } of frames ?? []) {
    log.error(`  at ${name}${file === undefined ? '' : ` (${file}:${line}:${column})`}`);
  }
  log.show(true);
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199)}…`;
}

/** Shows a plugin's line; a source that is not on this machine is left alone. */
async function reveal({ line, column }: TrapSource, path: string): Promise<void> {
  const uri = vscode.Uri.file(path);
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    return;
  }
  const at = new vscode.Position(line - 1, column - 1);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
}

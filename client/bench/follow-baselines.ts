import * as vscode from 'vscode';
import { BASELINE_FILE } from '../../wasm-core/protocol/bench/baseline-file.ts';
import type { Benches } from './benches.ts';

/** Files change in bursts; they are read when they have been left alone so long, milliseconds. */
const QUIET_MS = 200;

/** Compares what is remembered anew when a file of baselines changes, such as with a checkout. */
export function followBaselines(benches: Benches): vscode.Disposable {
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(() => void benches.rebase(), QUIET_MS);
  };
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${BASELINE_FILE}`);
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(soon),
    watcher.onDidChange(soon),
    watcher.onDidDelete(soon),
    { dispose: () => clearTimeout(timer) },
  );
}

import * as l10n from '@vscode/l10n';
import * as vscode from 'vscode';
import type { QuernApi } from './api.ts';
import { registerAllCommands } from './commands/all-commands.ts';
import { LockPrompts } from './lock/lock-prompts.ts';
import { compiledText } from './run/compiled-text.ts';
import { SqlAtCursor } from './run/sql-at-cursor.ts';
import { StatusItem } from './status-item.ts';
import { registerCompileTasks } from './tasks/compile-tasks.ts';
import { offerClang } from './tasks/install-clang.ts';
import { TestExplorer } from './tests/test-explorer.ts';
import { VisibleRanges } from './visible-ranges.ts';
import { Wake } from './wake.ts';
import { WasmEditors } from './wasm-editor/wasm-editors.ts';
import { followEdits, followRuns, followSettings, followTrust } from './window-events.ts';
import { createWindowParts, type Own, type WindowParts } from './window-parts.ts';

/**
 * VS Code calls this when a document opens that is SQL or a plugin's source, or may have SQL in it. It only wires;
 * nothing starts before it is needed.
 */
export function activate(context: vscode.ExtensionContext): QuernApi {
  // For files that do not know the editor; the others ask `vscode.l10n`.
  l10n.config({ contents: vscode.l10n.bundle ?? {} });
  const own: Own = (part) => {
    context.subscriptions.push(part);
    return part;
  };
  const parts = createWindowParts(context, own);
  const { log, dist, file, link, languages, runner, settled, tree, data, benches, benchTree } = parts;

  // First, because lenses wait for it.
  const wake = own(new Wake());
  // Its functions are those of plugins that the language server has compiled.
  own(tree.onceVisible(() => wake.rouse()));
  own(benchTree.onceVisible(() => wake.rouse()));
  const ready = wake.needed.then(() => languages.start());
  ready.catch((error: unknown) => log.error(`The language server did not start: ${error}`));
  own({ dispose: () => void languages.stop() });

  const tests = own(new TestExplorer({ link, settled }));
  own(new WasmEditors(dist));
  own(new LockPrompts({ link, languages, log }));
  own(offerClang());
  own(registerCompileTasks(file('quern.js')));
  follow(parts, own);
  void wake.needed.then(() => followAwake(parts, own));
  registerAllCommands(context, parts, own);

  return {
    lastOutcome: () => runner.lastOutcome,
    lastTests: () => tests.lastResults,
    hostState: () => link.state,
    lastBenchmark: () => benches.kept.runs[0]?.report,
    benchmarks: (node) => benchTree.children(node),
    chain: () => parts.chains.state,
    results: () => parts.results.states,
    data: { children: (node) => tree.children(node), shown: (uri) => data.shown(uri) },
    ready,
  };
}

/** Has parts follow each other. */
function follow(
  { results, panel, runner, languages, saves, recorder, edits, log }: WindowParts,
  own: Own,
): void {
  own(results.onDidAskCancel(() => runner.cancel()));
  own(results.onDidAskRunAgain(() => void vscode.commands.executeCommand('quern.runAgain')));
  own(panel.onDidAskCancel(() => runner.cancel()));
  own(languages.onDidCompile((state) => saves.compiled(state.uri)));
  own(languages.onDidCompile((state) => log.info(compiledText(state))));
  own(recorder.onDidChange(() => languages.refreshLenses()));
  own(followEdits(edits));
  own(followRuns(runner));
}

/** What is of use once the language server is. */
function followAwake({ link, runner, languages, sessions, log }: WindowParts, own: Own): void {
  own(new StatusItem(link, runner));
  own(new SqlAtCursor((uri) => languages.statements(uri)));
  own(new VisibleRanges((visible) => void languages.showing(visible).catch(() => undefined)));
  own(followSettings({ languages, link, sessions, log }));
  own(followTrust({ languages, link, log }));
}

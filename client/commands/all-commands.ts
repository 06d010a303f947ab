import * as vscode from 'vscode';
import { CallArguments } from '../functions/call-arguments.ts';
import { CallDocuments } from '../functions/call-documents.ts';
import { installCommands } from '../tasks/install-clang.ts';
import type { Own, WindowParts } from '../window-parts.ts';
import { answerBenchPage, benchCommands } from './bench-commands.ts';
import { chainCommands } from './chain-commands.ts';
import { dataCommands } from './data-commands.ts';
import { diffCommands } from './diff-commands.ts';
import { exportCommands } from './export-commands.ts';
import { functionCommands } from './function-commands.ts';
import { historyCommands } from './history-commands.ts';
import { hostCommands } from './host-commands.ts';
import { parameterCommands } from './parameter-commands.ts';
import { pluginCommands } from './plugin-commands.ts';
import { profileCommands } from './profile-commands.ts';
import { registerCommands } from './register.ts';
import { remoteCommands } from './remote-commands.ts';
import { replayCommands } from './replay-commands.ts';
import { runCommands } from './run-commands.ts';
import { WorldDocuments } from './show-world.ts';
import { wasmCommands } from './wasm-commands.ts';

/** Registers every command of the extension. */
export function registerAllCommands(context: vscode.ExtensionContext, parts: WindowParts, own: Own): void {
  const {
    log,
    dist,
    link,
    sessions,
    credentials,
    recovery,
    languages,
    values,
    edits,
    runner,
    shown,
    panel,
    results,
    exporter,
    recent,
    comparer,
    chains,
    tree,
    benches,
    benchPanel,
    benchTree,
  } = parts;
  const ask = (question: vscode.InputBoxOptions) =>
    vscode.window.showInputBox({ ...question, ignoreFocusOut: true });
  const args = new CallArguments(context.workspaceState, ask);
  const calls = own(new CallDocuments());
  const functions = { runner, languages, calls, args };
  const worlds = own(new WorldDocuments(languages));
  const statements = (uri: string) => languages.statements(uri);
  const modules = async (namespace: string) => (await link.request('module/list', { namespace })).modules;
  const measured = { languages, calls, args, edits, values, statements, modules, chains };
  const bench = { ...measured, benches, tree: benchTree };
  own(benchPanel.onDidAsk((asked) => void benchPanel.guarded(() => answerBenchPage(bench, asked))));
  const all = {
    ...runCommands({ runner, edits, values, statements }),
    ...exportCommands({ exporter, results, edits, values, statements }),
    ...parameterCommands(values, () => languages.refreshLenses()),
    ...functionCommands(functions),
    ...benchCommands(bench),
    ...profileCommands({ ...functions, shown, panel }),
    ...remoteCommands({ link, sessions, credentials }),
    ...historyCommands({ link, runner, results, values }),
    ...hostCommands({ link, recovery, log }),
    ...pluginCommands({ link, languages, sdk: vscode.Uri.joinPath(dist, 'sdk'), worlds }),
    ...replayCommands({ link, log }),
    ...diffCommands({ recent, comparer, results }),
    ...wasmCommands(),
    ...chainCommands(chains),
    ...dataCommands({ tree, runner, calls }),
    ...installCommands(languages),
  };
  own(registerCommands(all, log));
}

import * as vscode from 'vscode';
import {
  BENCHMARK_COMMAND,
  BENCHMARK_FUNCTION_COMMAND,
  EXPLAIN_COMMAND,
  PROFILE_FUNCTION_COMMAND,
  RUN_ABOVE_COMMAND,
  RUN_FUNCTION_COMMAND,
  RUN_STATEMENT_COMMAND,
  TEST_PLUGIN_COMMAND,
} from '../wasm-core/protocol/lsp.ts';

/** A lens of the language server, which speaks English, with its title in the editor's language. */
export function translatedLens(lens: vscode.CodeLens): vscode.CodeLens {
  const { command } = lens;
  if (command === undefined) return lens;
  const title = titleOf(command);
  return title === undefined ? lens : new vscode.CodeLens(lens.range, { ...command, title });
}

function titleOf({ command, title }: vscode.Command): string | undefined {
  switch (command) {
    case RUN_STATEMENT_COMMAND: {
      // A statement may have a name, which stands behind the word.
      const name = /^\$\(play\) Run (.+)$/.exec(title)?.[1];
      return `$(play) ${name === undefined ? vscode.l10n.t('Run') : vscode.l10n.t('Run {0}', name)}`;
    }
    case RUN_ABOVE_COMMAND:
      return vscode.l10n.t('Run Above');
    case EXPLAIN_COMMAND:
      return vscode.l10n.t('Explain');
    case BENCHMARK_COMMAND:
    case BENCHMARK_FUNCTION_COMMAND:
      return vscode.l10n.t('Benchmark');
    case RUN_FUNCTION_COMMAND:
      return `$(play) ${vscode.l10n.t('Run with…')}`;
    case TEST_PLUGIN_COMMAND:
      return vscode.l10n.t('Test');
    case PROFILE_FUNCTION_COMMAND:
      return vscode.l10n.t('Profile');
    default:
      return undefined;
  }
}

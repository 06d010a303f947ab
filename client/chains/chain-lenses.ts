import * as vscode from 'vscode';
import { CHAIN_ENDING, parseChainFile } from '../../wasm-core/protocol/chain-file.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { chainNode } from '../bench/chain-node.ts';
import { readSettings } from '../settings.ts';
import { fileName } from './chain-run.ts';

/** The lenses above a chain file: to run it step by step, and to measure it. */
export class ChainLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #registration: vscode.Disposable;

  constructor() {
    const selector = { scheme: 'file', pattern: `**/*${CHAIN_ENDING}` };
    this.#registration = vscode.languages.registerCodeLensProvider(selector, this);
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const { lenses } = readSettings();
    const range = new vscode.Range(0, 0, 0, 0);
    const run = { command: 'quern.runChain', title: `$(play) ${vscode.l10n.t('Run Chain')}` };
    const measure = { command: 'quern.runBenchmark', title: vscode.l10n.t('Benchmark') };
    // One that cannot be read is run all the same, which says what is wrong with it.
    const node = benchNodeOf(document);
    return [
      ...(lenses.has('run') ? [new vscode.CodeLens(range, { ...run, arguments: [document.uri] })] : []),
      ...(lenses.has('benchmark') && node !== undefined
        ? [new vscode.CodeLens(range, { ...measure, arguments: [node] })]
        : []),
    ];
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function benchNodeOf(document: vscode.TextDocument) {
  try {
    return chainNode(document.uri, parseChainFile(document.getText(), { source: fileName(document.uri) }));
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}

import * as vscode from 'vscode';
import { CHAIN_ENDING } from '../../wasm-core/protocol/chain-file.ts';
import type { ChainPanel } from '../chains/chain-panel.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

/** Commands about chain files. */
export function chainCommands(panel: ChainPanel): Commands {
  return {
    'quern.runChain': async (argument) => {
      if (!(await checkTrust())) return;
      const given = argument instanceof vscode.Uri ? { uri: argument } : readArgument(argument);
      const uri = given.uri ?? activeChain() ?? (await pickChain());
      if (uri === undefined) return;
      const isShown = panel.state?.file === uri.toString();
      if (given.from === undefined || !isShown) await panel.open(uri);
      if (given.from !== undefined || given.input !== undefined)
        await panel.run(given.from ?? 1, given.input);
    },
  };
}

/** What a keybinding or another extension may give. */
interface ChainArgument {
  readonly uri?: vscode.Uri;
  /** A text. */
  readonly input?: string;
  /** The first step that runs, from 1; with the chain that is shown, on the input that it had. */
  readonly from?: number;
}

function readArgument(argument: unknown): ChainArgument {
  if (typeof argument !== 'object' || argument === null) return {};
  const { uri, input, from } = argument as Record<string, unknown>;
  return {
    ...(uri instanceof vscode.Uri && { uri }),
    ...(typeof input === 'string' && { input }),
    ...(Number.isSafeInteger(from) && Number(from) >= 1 && { from: Number(from) }),
  };
}

function activeChain(): vscode.Uri | undefined {
  const uri = vscode.window.activeTextEditor?.document.uri;
  return uri?.path.endsWith(CHAIN_ENDING) ? uri : undefined;
}

async function pickChain(): Promise<vscode.Uri | undefined> {
  const files = await vscode.workspace.findFiles(`**/*${CHAIN_ENDING}`, '**/node_modules/**', 1000);
  if (files.length === 0) {
    const message = vscode.l10n.t(
      'There is no chain here. Write a file whose name ends with {0}.',
      CHAIN_ENDING,
    );
    void vscode.window.showInformationMessage(message);
    return undefined;
  }
  const items = files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  const picked = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Run a Chain') });
  return picked?.uri;
}

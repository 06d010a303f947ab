import * as vscode from 'vscode';
import type { FunctionTarget } from '../../wasm-core/protocol/lsp.ts';
import type { CallArguments } from '../functions/call-arguments.ts';
import type { CallDocuments } from '../functions/call-documents.ts';
import { callText, testText } from '../functions/call-text.ts';
import { functionTarget } from '../functions/function-target.ts';
import type { LanguageService } from '../language-client.ts';
import { piecesUpTo } from '../run/pieces.ts';
import type { RunOutcome } from '../run/run-outcome.ts';
import { type Runner, type RunRequest, runTitle } from '../run/runner.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

/** What commands about functions work with. */
export interface FunctionCommandParts {
  readonly runner: Runner;
  readonly languages: LanguageService;
  readonly calls: CallDocuments;
  readonly args: CallArguments;
}

/** Commands about a function of a plugin, in its source. Each takes what a lens carries, else the function at the cursor. */
export function functionCommands(parts: FunctionCommandParts): Commands {
  const { languages, args } = parts;
  return {
    'quern.runFunction': async (argument) => {
      if (!(await checkTrust())) return;
      const target = await functionTarget(argument, languages);
      const given = await args.of(target, 'run');
      if (given !== undefined)
        await runCall(parts, target, { sql: callText(target.function, given), mode: 'run' });
    },
    'quern.testPlugin': async (argument) => openTests(await functionTarget(argument, languages), args),
  };
}

/** Saves the source of a function, and runs a statement that calls it. @returns undefined when another run was under way */
export async function runCall(
  { runner, calls }: Pick<FunctionCommandParts, 'runner' | 'calls'>,
  target: FunctionTarget,
  { sql, mode }: { readonly sql: string; readonly mode: RunRequest['mode'] },
): Promise<RunOutcome | undefined> {
  await saveSource(target);
  const document = await calls.open(target, sql);
  const pieces = piecesUpTo(sql);
  return runner.run({ document, pieces, title: runTitle(mode, sql), mode, parameters: {} });
}

/** SQL calls what was saved last, and whoever presses a button in a source means what it shows. */
async function saveSource({ uri }: FunctionTarget): Promise<void> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri);
  if (document?.isDirty) await document.save();
}

/** Opens the tests beside a plugin's source, and begins them where there are none. */
async function openTests(target: FunctionTarget, args: CallArguments): Promise<void> {
  const source = vscode.Uri.parse(target.uri);
  const name = source.path.slice(source.path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  const file = vscode.Uri.joinPath(source, '..', `${name}.test.sql`);
  const isThere = await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) {
    const text = testText(target.function, args.known(target, 'run'));
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  }
  await vscode.window.showTextDocument(file);
}

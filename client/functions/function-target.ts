import * as vscode from 'vscode';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { type FunctionTarget, RUN_FUNCTION_COMMAND } from '../../wasm-core/protocol/lsp.ts';
import type { LanguageService } from '../language-client.ts';

/**
 * The function that a command is about: the one that its lens carries, else the one above the cursor.
 *
 * @throws CoreError PARAMS_INVALID, REQUEST_INVALID where there is none
 */
export async function functionTarget(
  argument: unknown,
  languages: Pick<LanguageService, 'functionsOf'>,
): Promise<FunctionTarget> {
  return parseFunctionTarget(argument) ?? (await functionAtCursor(languages));
}

/** Checks what a lens gave to its command. @returns undefined without an argument @throws CoreError PARAMS_INVALID */
export function parseFunctionTarget(value: unknown): FunctionTarget | undefined {
  if (typeof value !== 'object' || value === null || !('function' in value)) return undefined;
  const { uri, module, function: fn } = value as Partial<Record<keyof FunctionTarget, unknown>>;
  const isFunction =
    typeof fn === 'object' && fn !== null && 'parameters' in fn && Array.isArray(fn.parameters);
  if (typeof uri === 'string' && typeof module === 'string' && isFunction) return value as FunctionTarget;
  throw new CoreError('PARAMS_INVALID', `${RUN_FUNCTION_COMMAND} takes no argument, or what a lens carries.`);
}

async function functionAtCursor(languages: Pick<LanguageService, 'functionsOf'>): Promise<FunctionTarget> {
  const editor = vscode.window.activeTextEditor;
  const functions = editor === undefined ? [] : await languages.functionsOf(editor.document.uri.toString());
  const line = editor?.selection.active.line ?? 0;
  const found = functions.findLast((fn) => fn.line <= line) ?? functions[0];
  if (found !== undefined) return found;
  throw new CoreError(
    'REQUEST_INVALID',
    vscode.l10n.t('Open the source of a plugin that compiles, and put the cursor into one of its functions.'),
  );
}

import * as vscode from 'vscode';
import {
  findParameters,
  type ParameterValue,
  parameterText,
  parseParameterValue,
} from '../../wasm-core/protocol/parameters.ts';
import type { ParameterValues } from '../run/parameter-values.ts';
import { parseRunTarget } from '../run/run-target.ts';
import type { Commands } from './register.ts';

/** Commands about the values of parameters. */
export function parameterCommands(values: ParameterValues, changed: () => void): Commands {
  return {
    /** Takes what a lens carries, to change the parameters of its statement; else it is about all that are known. */
    'quern.editParameters': async (argument) => {
      const names = await namesOf(argument, values);
      await edit(names, values);
      changed();
    },
  };
}

/** Asks for a value in an input box. */
export async function askParameter(
  name: string,
  last: ParameterValue | undefined,
): Promise<ParameterValue | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Value of {0}', `$${name}`),
    prompt: vscode.l10n.t(
      'A number, true, false or null; anything else is a text, and so is what stands in "double quotes".',
    ),
    ...(last !== undefined && { value: parameterText(last) }),
    ignoreFocusOut: true,
  });
  return text === undefined ? undefined : parseParameterValue(text);
}

async function namesOf(argument: unknown, values: ParameterValues): Promise<string[]> {
  const target = parseRunTarget(argument);
  const active = vscode.window.activeTextEditor?.document;
  if (target !== undefined) {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(target.uri));
    return distinctNames(document.getText().slice(target.start, target.end));
  }
  const here = active?.languageId === 'sql' ? distinctNames(active.getText()) : [];
  return [...new Set([...here, ...Object.keys(values.all)])];
}

function distinctNames(sql: string): string[] {
  return [...new Set(findParameters(sql).map(({ name }) => name))];
}

async function edit(names: readonly string[], values: ParameterValues): Promise<void> {
  const [only] = names;
  if (only === undefined) {
    const message = vscode.l10n.t(
      'There are no parameters. Write $name in a statement, and a run asks for its value.',
    );
    void vscode.window.showInformationMessage(message);
    return;
  }
  if (names.length === 1) {
    await values.change(only);
    return;
  }
  const { all } = values;
  const items = names.map((name) => ({
    label: `$${name}`,
    description: Object.hasOwn(all, name) ? parameterText(all[name] ?? null) : vscode.l10n.t('no value yet'),
    name,
  }));
  const forget = {
    label: `$(trash) ${vscode.l10n.t('Forget All Values')}`,
    description: '',
    name: undefined,
  };
  const picked = await vscode.window.showQuickPick([...items, forget], {
    title: vscode.l10n.t('Parameters'),
  });
  if (picked === undefined) return;
  if (picked.name === undefined) await values.forget();
  else await values.change(picked.name);
}

import type { Range, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { refused } from '../../refusal.ts';
import { bindWat } from '../names/bind-wat.ts';
import { nameOf, shownName, type WatDefinition, type WatNames, writtenName } from '../names/names.ts';
import { parseWat } from '../syntax/parse-wat.ts';
import type { WatToken } from '../syntax/tokens.ts';
import { nameAt, rangeOf, type WatPlace } from './place.ts';

/**
 * The name at a position, when it can be renamed.
 *
 * @throws ResponseError that says why it cannot
 */
export function prepareWatRename(
  place: WatPlace,
): { readonly range: Range; readonly placeholder: string } | null {
  const at = nameAt(place);
  if (at === undefined) return null;
  const { text } = idOf(at.definition);
  return { range: rangeOf(place.document, at.span), placeholder: text };
}

/**
 * Renames what is named at a position, wherever its name stands. Numbers stay as they are.
 *
 * @throws ResponseError when the new name would change what a name means, or there is no name to change
 */
export function renameWat(place: WatPlace, given: string): WorkspaceEdit | null {
  const at = nameAt(place);
  if (at === undefined) return null;
  const id = idOf(at.definition);
  const newText = newName(given);
  const tokens = [id, ...at.definition.uses.map(({ token }) => token).filter(({ kind }) => kind === 'id')];
  if (nameOf({ ...id, text: newText }) === nameOf(id)) return { changes: {} };
  if (!keepsMeaning(place.names, tokens, newText)) {
    throw refused(`${newText} already means something else here; use another name.`);
  }
  const edits: TextEdit[] = tokens.map((token) => ({ range: rangeOf(place.document, token), newText }));
  return { changes: { [place.document.uri]: edits } };
}

function idOf(definition: WatDefinition): WatToken {
  if (definition.id !== undefined) return definition.id;
  throw refused(`The ${shownName(definition)} has no name: write one where it is defined, such as $name.`);
}

/** The name that a user typed: with its dollar or without, in quotes or not. */
function newName(given: string): string {
  const typed = given.trim();
  const name = /^\$?"(?:[^"\\]|\\.)*"$/s.test(typed)
    ? nameOf({
        kind: 'id',
        text: typed.startsWith('$') ? typed : `$${typed}`,
        start: 0,
        end: 0,
        isGlued: false,
      })
    : typed.replace(/^\$/, '');
  if (name === '') throw refused('A name has at least one character behind its $.');
  return writtenName(name);
}

/** Whether everything means the same when names are written otherwise: what is bound again must be bound alike. */
function keepsMeaning(names: WatNames, tokens: readonly WatToken[], newText: string): boolean {
  const renamed = bindWat(parseWat(rewritten(names.syntax.text, tokens, newText)));
  if (renamed.faults.length !== names.faults.length) return false;
  if (renamed.syntax.faults.length !== names.syntax.faults.length) return false;
  return JSON.stringify(meanings(renamed)) === JSON.stringify(meanings(names));
}

/** What each use means, by its number among the definitions. */
function meanings({ definitions, uses }: WatNames): number[] {
  const numbers = new Map<WatDefinition, number>(definitions.map((definition, at) => [definition, at]));
  return uses.map(({ definition }) => (definition && numbers.get(definition)) ?? -1);
}

function rewritten(text: string, tokens: readonly WatToken[], newText: string): string {
  let result = '';
  let at = 0;
  for (const { start, end } of [...tokens].sort((a, b) => a.start - b.start)) {
    result += text.slice(at, start) + newText;
    at = end;
  }
  return result + text.slice(at);
}

import type { Location } from 'vscode-languageserver';
import type { SqlKnowledge } from './knowledge.ts';
import { nameAt } from './names.ts';

const TOP = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

/** The source of the plugin function that is called at a position. */
export async function defineSql(
  text: string,
  offset: number,
  knowledge: SqlKnowledge,
): Promise<Location | null> {
  const at = nameAt(text, offset);
  if (at === undefined || !at.called) return null;
  const name = at.name.toLowerCase();
  const known = (await knowledge.functions()).find(({ fn }) => fn.name === name);
  if (known?.uri === undefined) return null;
  return { uri: known.uri, range: known.range ?? TOP };
}

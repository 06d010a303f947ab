import type { TypeUse, WatForm, WatSpan } from '../syntax/tree.ts';
import type { WatDefinition, WatNames, WatUse } from './names.ts';

const LONGEST = 400;

/** What a definition is, as the text format writes it, without what it holds: `(func $f (param i32) (result i64))`. */
export function declaration(definition: WatDefinition, names: WatNames): string {
  const { space, id, field, block, variable } = definition;
  const { text } = names.syntax;
  const parts: string[] = [];
  if (space === 'label') parts.push(...typeParts(resolvedType(block?.typeUse, names), text));
  else if (variable !== undefined) parts.push(written(variable.type, text));
  else if (space === field.kind) {
    if ('imported' in field && field.imported !== undefined) {
      parts.push(`(import ${field.imported.module.text} ${field.imported.name.text})`);
    }
    if (field.kind === 'func' || field.kind === 'tag') {
      parts.push(...typeParts(resolvedType(field.typeUse, names), text));
    } else if (field.kind === 'type')
      parts.push(...field.form.items.filter(isForm).map((form) => written(form, text)));
    else if ('type' in field) parts.push(written(field.type, text));
  }
  const word = block?.name ?? variable?.form.head ?? space;
  return `(${[word, ...(id ? [id.text] : []), ...parts].join(' ')})`;
}

/** A type written out, or that of the type of the module that it names. */
export function resolvedType(
  typeUse: TypeUse | undefined,
  names: WatNames,
): Pick<TypeUse, 'parameters' | 'results'> {
  const own = typeUse ?? { parameters: [], results: [] };
  if (own.type === undefined || own.parameters.length > 0 || own.results.length > 0) return own;
  const field = useOf(names, own.type.token)?.definition?.field;
  return field?.kind === 'type' && field.shape.kind === 'func' ? field.shape.typeUse : own;
}

/** What is known of a token that names something. */
export function useOf({ uses }: WatNames, token: WatSpan): WatUse | undefined {
  let low = 0;
  let high = uses.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((uses[middle]?.token.start ?? 0) < token.start) low = middle + 1;
    else high = middle;
  }
  const found = uses[low];
  return found?.token.start === token.start ? found : undefined;
}

/** Text in one line, cut where it is very long. */
export function written({ start, end }: WatSpan, text: string): string {
  const line = text.slice(start, end).replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST - 1)}…`;
}

/** `(param $a i32)` and `(result i64)`. */
export function typeParts(
  { parameters, results }: Pick<TypeUse, 'parameters' | 'results'>,
  text: string,
): string[] {
  const groups: { readonly named: boolean; readonly words: string[] }[] = [];
  for (const { id, type } of parameters) {
    const last = groups.at(-1);
    if (id === undefined && last?.named === false) last.words.push(written(type, text));
    else groups.push({ named: id !== undefined, words: [...(id ? [id.text] : []), written(type, text)] });
  }
  const shown = groups.map(({ words }) => `(param ${words.join(' ')})`);
  if (results.length === 0) return shown;
  return [...shown, `(result ${results.map((result) => written(result, text)).join(' ')})`];
}

function isForm(item: { readonly kind: string }): item is WatForm {
  return item.kind === 'form';
}

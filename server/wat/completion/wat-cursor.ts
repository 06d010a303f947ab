import type { WatNames } from '../names/names.ts';
import { formsAround } from '../navigation/form-path.ts';
import type { WatPlace } from '../navigation/place.ts';
import type { WatToken } from '../syntax/tokens.ts';
import type { WatField, WatForm, WatItem, WatSpan } from '../syntax/tree.ts';

/** Where something is being typed. */
export interface WatCursor {
  readonly names: WatNames;
  readonly offset: number;
  /** The word that is being typed, of which the position is behind the first character. */
  readonly word: WatToken | undefined;
  /** What an offer takes the place of. */
  readonly replaced: WatSpan;
  /** The forms around it, the outermost first. */
  readonly path: readonly WatForm[];
  /** The innermost of them. */
  readonly form: WatForm | undefined;
  /** What stands before the word in that form, its keyword included. */
  readonly before: readonly WatItem[];
  /** The field of the module that it is in. */
  readonly field: WatField | undefined;
}

/** What is known of the place at a position. */
export function cursorAt({ names, offset }: Pick<WatPlace, 'names' | 'offset'>): WatCursor {
  const { syntax } = names;
  const path = formsAround(syntax, offset);
  const around = new Set(path);
  const form = path.at(-1);
  const items = form?.items ?? syntax.items;
  const word = items.find((item) => item.kind !== 'form' && item.start < offset && offset <= item.end);
  const token = word?.kind === 'form' ? undefined : word;
  const start = token?.start ?? offset;
  return {
    names,
    offset,
    word: token,
    replaced: { start, end: token?.end ?? offset },
    path,
    form,
    before: items.filter((item) => item.end <= start && item !== token),
    field: syntax.fields.find((field) => around.has(field.form)),
  };
}

import { ownText } from '../../own-text.ts';
import { editBetween, type TextEdit } from '../moved-spans.ts';
import { Cursor } from './cursor.ts';
import { readForms } from './forms.ts';
import { type Mutable, moveFields, moveForms, moveSpans } from './move-syntax.ts';
import { readField } from './parse-fields.ts';
import { FEW_FAULTS, firstAtEachPlace } from './parse-wat.ts';
import { tokenizeWat, type WatToken } from './tokens.ts';
import type { SyntaxFault, WatField, WatForm, WatSpan, WatSyntax } from './tree.ts';

/*
 * Reads a text again after an edit inside one field of its module, as most edits are: that field is read, and what
 * stands behind it is moved. It gives what reading all of the text gives.
 */

/**
 * Reads a text that was read before an edit of it.
 *
 * @param before what was read then; its parts are moved, so that nobody may use it afterwards
 * @returns undefined where the edit touches more than the inside of one field, or leaves that field unbalanced; all of
 *   the text is to be read then, and `before` is as it was
 */
export function rereadWat(before: WatSyntax, text: string): WatSyntax | undefined {
  const { module } = before;
  if (module === undefined || !before.isRegular) return undefined;
  const edit = editBetween(before.text, text);
  const old = module.items.find((item) => item.start < edit.start && edit.end < item.end);
  if (old?.kind !== 'form') return undefined;
  const read = readOne(text, { module, old, shift: edit.shift });
  return read && replaced(before, { text, module, old, read, edit });
}

interface ReadOne {
  readonly form: WatForm;
  readonly tokens: readonly WatToken[];
  readonly comments: readonly WatSpan[];
  readonly fields: readonly WatField[];
  readonly faults: readonly SyntaxFault[];
}

/** Reads the field that stands where an old one did. */
function readOne(
  text: string,
  { module, old, shift }: { readonly module: WatForm; readonly old: WatForm; readonly shift: number },
): ReadOne | undefined {
  // What is read outlives the text.
  const own = ownText(text.slice(old.start, old.end + shift));
  const lexed = tokenizeWat(own);
  const { items, faults: unbalanced } = readForms(lexed);
  const [form] = items;
  if (lexed.hidesText || lexed.faults.length > 0 || unbalanced.length > 0) return undefined;
  if (form?.kind !== 'form' || form.close?.end !== own.length || items.length > 1) return undefined;
  // A module within a module has fields of its own.
  if (form.open.kind !== 'open' || form.head === 'module' || form.head === 'component') return undefined;
  const { tokens, comments } = lexed;
  moveSpans(tokens, old.start);
  moveSpans(comments, old.start);
  moveForms([form], old.start);
  const inModule: Mutable<WatForm> = form;
  inModule.parent = module;
  const faults: SyntaxFault[] = [];
  const fields = readField(new Cursor([form], module, faults, []), form);
  return faults.length < FEW_FAULTS ? { form, tokens, comments, fields, faults } : undefined;
}

/** Puts a field in the place of an old one. */
function replaced(
  before: WatSyntax,
  {
    text,
    module,
    old,
    read,
    edit: { shift },
  }: {
    readonly text: string;
    readonly module: WatForm;
    readonly old: WatForm;
    readonly read: ReadOne;
    readonly edit: TextEdit;
  },
): WatSyntax {
  // Of a form that is moved the place would no longer tell what it stands behind.
  const { start, end } = old;
  const at = module.items.indexOf(old);
  const behind = before.fields.filter(({ form }) => form.start >= end);
  const ahead = before.fields.filter(({ form }) => form.end <= start);
  const faultsBehind = before.faults.filter((fault) => fault.start >= end);
  const faultsAhead = before.faults.filter((fault) => fault.start < start);
  const tokens = spliced(before.tokens, { start, end }, { by: read.tokens, shift });
  const comments = spliced(before.comments, { start, end }, { by: read.comments, shift });
  moveFields(behind, shift);
  moveForms(module.items.slice(at + 1), shift);
  moveForms(
    module.annotations.filter((annotation) => annotation.start >= end),
    shift,
  );
  const changed: Mutable<WatForm> = module;
  changed.items = [...module.items.slice(0, at), read.form, ...module.items.slice(at + 1)];
  changed.end += shift;
  return {
    ...before,
    text,
    tokens,
    comments,
    fields: [...ahead, ...read.fields, ...behind],
    faults: [
      ...faultsAhead,
      ...firstAtEachPlace(read.faults),
      ...faultsBehind.map((fault) => ({ ...fault, start: fault.start + shift, end: fault.end + shift })),
    ],
    isRegular: faultsAhead.length + read.faults.length + faultsBehind.length < FEW_FAULTS,
  };
}

/** Puts spans in the place of those inside another span, and moves those behind it. */
function spliced<T extends WatSpan>(
  spans: readonly T[],
  { start, end }: WatSpan,
  { by, shift }: { readonly by: readonly T[]; readonly shift: number },
): T[] {
  const behind = spans.slice(firstFrom(spans, end));
  moveSpans(behind, shift);
  return [...spans.slice(0, firstFrom(spans, start)), ...by, ...behind];
}

/** The index of the first of some spans in their order that begins at a position or behind it. */
function firstFrom(spans: readonly WatSpan[], position: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.start ?? position) < position) low = middle + 1;
    else high = middle;
  }
  return low;
}

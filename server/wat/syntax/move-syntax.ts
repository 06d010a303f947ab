import type { TypeUse, WatField, WatInstruction, WatItem, WatSpan, WatVariable } from './tree.ts';

/*
 * Moves what was read of a text to where it stands after an edit. Tokens, forms and fields are moved apart, since forms
 * and fields name the same tokens; of forms and fields that alone is moved which is theirs.
 */

/** What is changed where it is, since making all of it anew takes as long as reading it. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Moves tokens or comments. @param by UTF-16 code units */
export function moveSpans(spans: readonly WatSpan[], by: number): void {
  if (by === 0) return;
  for (const span of spans) moveSpan(span, by);
}

/** Moves forms and those inside of them, without their tokens, however deep they are. */
export function moveForms(items: readonly WatItem[], by: number): void {
  if (by === 0) return;
  const open = items.filter((item) => item.kind === 'form');
  for (let form = open.pop(); form !== undefined; form = open.pop()) {
    moveSpan(form, by);
    for (const item of form.items) if (item.kind === 'form') open.push(item);
    for (const annotation of form.annotations) open.push(annotation);
  }
}

/** Moves what fields have beside their forms and tokens. */
export function moveFields(fields: readonly WatField[], by: number): void {
  if (by === 0) return;
  for (const field of fields) {
    if (field.kind === 'type') moveType(field, by);
    if (field.kind === 'func' || field.kind === 'tag') moveTypeUse(field.typeUse, by);
    if (field.kind === 'func') moveVariables(field.locals, by);
    if (field.kind === 'global' || field.kind === 'table' || field.kind === 'memory')
      moveLoose(field.type, by);
    if ('body' in field) moveBody(field.body, by);
  }
}

function moveBody(body: readonly WatInstruction[], by: number): void {
  for (const instruction of body) {
    moveSpan(instruction, by);
    if (instruction.typeUse !== undefined) moveTypeUse(instruction.typeUse, by);
  }
}

function moveType({ shape }: Extract<WatField, { kind: 'type' }>, by: number): void {
  if (shape.kind === 'func') moveTypeUse(shape.typeUse, by);
  else if (shape.kind === 'struct') moveVariables(shape.fields, by);
  else if (shape.kind === 'array') moveLoose(shape.element, by);
}

function moveTypeUse({ parameters, results }: TypeUse, by: number): void {
  moveVariables(parameters, by);
  for (const result of results) moveLoose(result, by);
}

function moveVariables(variables: readonly WatVariable[], by: number): void {
  for (const { type } of variables) moveLoose(type, by);
}

/** Moves a span that is neither a token nor a form, as that of what is missing. */
function moveLoose(span: WatSpan, by: number): void {
  if (!('kind' in span)) moveSpan(span, by);
}

function moveSpan(span: WatSpan, by: number): void {
  const moved: Mutable<WatSpan> = span;
  moved.start += by;
  moved.end += by;
}

import type { CompletionItem } from 'vscode-languageserver';
import type { WatPlace } from '../navigation/place.ts';
import { INSTRUCTIONS } from '../syntax/instruction-table.ts';
import { stringText } from '../syntax/strings.ts';
import type { WatSpan } from '../syntax/tree.ts';
import { importedForm, importedType, importNote, importText, missingImports } from './host-imports.ts';
import { immediateOffers } from './immediate-offers.ts';
import { isInstructionWord, nextImmediates } from './next-immediates.ts';
import { instructionOffers, nameOffers, type Offer, offerItems, wordOffers } from './offers.ts';
import { udfWords } from './udf-types.ts';
import { cursorAt, type WatCursor } from './wat-cursor.ts';
import { CHILD_WORDS, CODE_FORMS, FLAT_FORMS, HEAP_WORDS, MODULE_FIELDS, TYPE_WORDS } from './words.ts';

/** What may be typed at a position of WebAssembly text, in the middle of typing. */
export function completeWat(place: WatPlace): CompletionItem[] {
  const { names, offset } = place;
  const { text, comments } = names.syntax;
  const comment = comments.find(({ start, end }) => start < offset && offset <= end);
  if (comment !== undefined && (offset < comment.end || text.startsWith(';;', comment.start))) {
    return inComment(place, comment);
  }
  const cursor = cursorAt(place);
  if (cursor.word?.kind === 'string') return inString(place, cursor);
  return offerItems(place, cursor.replaced, offersAt(cursor));
}

function inComment(place: WatPlace, { start }: WatSpan): CompletionItem[] {
  const { offset, names } = place;
  const found = udfWords(names.syntax.text.slice(start, offset));
  if (found === undefined) return [];
  return offerItems(place, { start: offset - found.typed.length, end: offset }, wordOffers(found.words));
}

/** Modules and names of imports. */
function inString(place: WatPlace, { form, before, word, names }: WatCursor): CompletionItem[] {
  if (form?.head !== 'import' || word === undefined || before.length > 2) return [];
  const isClosed = word.end > word.start + 1 && word.text.endsWith('"');
  if (isClosed && place.offset === word.end) return [];
  const [, first] = before;
  const all = missingImports(names.syntax);
  const modules = [...new Set(all.map(({ module }) => module))];
  const isString = first !== undefined && first.kind === 'string';
  const within = all.filter(({ module }) => isString && module === stringText(first.text));
  const offers: readonly Offer[] = isString
    ? within.map((available) => ({
        label: available.name,
        kind: 'function',
        detail: importedForm(available),
      }))
    : modules.map((label) => ({ label, kind: 'word' }));
  return offerItems(place, { start: word.start + 1, end: isClosed ? word.end - 1 : place.offset }, offers);
}

function offersAt(cursor: WatCursor): Offer[] {
  const { form, before, path } = cursor;
  if (isInAnnotation(cursor)) return [];
  if (form === undefined) return outsideOffers(cursor);
  if (before.length === 0) return headOffers(cursor, path.at(-2)?.head);
  if (form.head === 'module') return fieldOffers(cursor, { isOpen: false });
  return FLAT_FORMS.has(form.head) || INSTRUCTIONS.has(form.head) ? codeOffers(cursor) : partOffers(cursor);
}

/** An annotation says what its tool wants. */
function isInAnnotation({ form, offset }: WatCursor): boolean {
  const annotations = form?.annotations ?? [];
  return annotations.some(
    ({ open, close, end }) => open.start < offset && offset <= (close?.start ?? Math.max(end, offset)),
  );
}

function outsideOffers(cursor: WatCursor): Offer[] {
  const { module, items } = cursor.names.syntax;
  if (module !== undefined) return [];
  const isFirst = items.length === 0 || items[0] === cursor.word;
  const whole: Offer[] = isFirst ? [{ label: 'module', kind: 'word', text: '(module', rank: 0 }] : [];
  return [...whole, ...fieldOffers(cursor, { isOpen: false })];
}

/** Behind a parenthesis. @param parent what the form around it begins with; undefined outside of all */
function headOffers(cursor: WatCursor, parent: string | undefined): Offer[] {
  if (parent === undefined) {
    const isFirst = cursor.names.syntax.items[0] === cursor.form;
    return [...wordOffers(isFirst ? ['module'] : []), ...fieldOffers(cursor, { isOpen: true })];
  }
  if (parent === 'module') return fieldOffers(cursor, { isOpen: true });
  const words = wordOffers(CHILD_WORDS[parent] ?? []);
  const isCode = CODE_FORMS.has(parent) || INSTRUCTIONS.has(parent);
  const isImportOrExport = cursor.path.at(-3)?.head === 'import' || cursor.path.at(-3)?.head === 'export';
  return isCode && !isImportOrExport ? [...words, ...instructionOffers(cursor)] : words;
}

/** Fields of the module. @param options.isOpen whether their parenthesis is there */
function fieldOffers(cursor: WatCursor, { isOpen }: { readonly isOpen: boolean }): Offer[] {
  const { names, offset } = cursor;
  const wrapped = (text: string): string => (isOpen ? text : `(${text})`);
  const isLate = names.syntax.fields.some(
    (field) => DEFINED.has(field.kind) && field.form.end <= offset && !isImported(field),
  );
  const imports = isLate ? [] : missingImports(names.syntax);
  const isClosed = names.syntax.text.slice(cursor.replaced.end).startsWith(')');
  return [
    ...wordOffers(MODULE_FIELDS).map((offer) => (isOpen ? offer : { ...offer, text: `(${offer.label}` })),
    ...imports.map(
      (available): Offer => ({
        label: `import "${available.module}" "${available.name}"`,
        kind: 'snippet',
        detail: importedForm(available),
        documentation: importNote(available),
        text: isOpen && !isClosed ? `${importText(available)})` : wrapped(importText(available)),
      }),
    ),
  ];
}

/** Kinds of which none may stand before an import. */
const DEFINED = new Set(['func', 'table', 'memory', 'global', 'tag']);

function isImported(field: object): boolean {
  return 'imported' in field && field.imported !== undefined;
}

/** Behind an instruction, or where the next one may stand. */
function codeOffers(cursor: WatCursor): Offer[] {
  const { before, form, path } = cursor;
  const parent = path.at(-2)?.head;
  // The function of an import, and what an export names, have no code.
  if (form?.head === 'func' && parent === 'export') return nameOffers(cursor, 'func');
  if (form?.head === 'func' && parent === 'import') return [];
  if (parent === 'try_table' && form?.head.startsWith('catch')) return clauseOffers(cursor);
  const isFlat = FLAT_FORMS.has(form?.head ?? '');
  const at = before.findLastIndex((item) => item.kind === 'keyword' && isInstructionWord(item.text));
  const word = before[at];
  if (word === undefined || word.kind === 'form') return isFlat ? instructionOffers(cursor) : [];
  const next = nextImmediates(word.text, before.slice(at + 1));
  const immediates = immediateOffers(cursor, next);
  const isName = cursor.word?.text.startsWith('$') === true;
  return next.isDone && isFlat && !isName ? [...immediates, ...instructionOffers(cursor)] : immediates;
}

/** The clauses of a `try_table`. */
function clauseOffers(cursor: WatCursor): Offer[] {
  const isTag = cursor.form?.head.startsWith('catch_all') === false && cursor.before.length === 1;
  return nameOffers(cursor, isTag ? 'tag' : 'label');
}

/** In the forms that are no code. */
function partOffers(cursor: WatCursor): Offer[] {
  const { form, before, path } = cursor;
  const parent = path.at(-2)?.head ?? '';
  switch (form?.head) {
    case 'param':
    case 'result':
    case 'local':
    case 'global':
      return parent === 'export' ? nameOffers(cursor, 'global') : typeOffers(cursor);
    case 'mut':
    case 'field':
    case 'array':
      return [...typeOffers(cursor), ...wordOffers(parent === 'global' ? [] : ['i8', 'i16'])];
    case 'ref':
      return [
        ...wordOffers(before.length === 1 ? ['null'] : []),
        ...wordOffers(HEAP_WORDS),
        ...nameOffers(cursor, 'type'),
      ];
    case 'type':
      return ['module', 'rec', ''].includes(parent) ? [] : nameOffers(cursor, 'type');
    case 'sub':
      return [...wordOffers(before.length === 1 ? ['final'] : []), ...nameOffers(cursor, 'type')];
    case 'tag':
      return parent === 'export' ? nameOffers(cursor, 'tag') : [];
    case 'start':
      return nameOffers(cursor, 'func');
    case 'catch':
    case 'catch_ref':
    case 'catch_all_ref':
      return clauseOffers(cursor);
    case 'delegate':
      return nameOffers(cursor, 'label');
    case 'table':
    case 'memory':
      return storeOffers(cursor, parent);
    case 'elem':
      return elementOffers(cursor, parent);
    case 'import':
      return importOffers(cursor);
    default:
      return [];
  }
}

function typeOffers({ word }: WatCursor): Offer[] {
  return word?.kind === 'id' ? [] : wordOffers(TYPE_WORDS);
}

function storeOffers(cursor: WatCursor, parent: string): Offer[] {
  const space = cursor.form?.head === 'table' ? 'table' : 'memory';
  if (['export', 'elem', 'data'].includes(parent)) return nameOffers(cursor, space);
  return space === 'table'
    ? wordOffers(TYPE_WORDS.filter((type) => type.endsWith('ref')))
    : wordOffers(['shared']);
}

function elementOffers(cursor: WatCursor, parent: string): Offer[] {
  const functions = nameOffers(cursor, 'func');
  if (parent === 'table' || cursor.word?.text.startsWith('$')) return functions;
  const references = TYPE_WORDS.filter((type) => type.endsWith('ref'));
  return [...functions, ...wordOffers(['func', 'declare', ...references])];
}

/** Behind `import`: its names, or what it is. */
function importOffers({ before, names }: WatCursor): Offer[] {
  const strings = before.flatMap((item) => (item.kind === 'string' ? [stringText(item.text)] : []));
  const [module = '', name] = strings;
  if (name !== undefined) {
    const text = importedType(module, name);
    return text === undefined ? [] : [{ label: text, kind: 'snippet' }];
  }
  const all = missingImports(names.syntax);
  const fitting = all.filter((available) => module === '' || available.module === module);
  return fitting.map((available) => ({
    label: module === '' ? `"${available.module}" "${available.name}"` : `"${available.name}"`,
    kind: 'snippet',
    detail: importedForm(available),
    documentation: importNote(available),
    text: importText(available).slice(module === '' ? 7 : 10 + available.module.length),
  }));
}

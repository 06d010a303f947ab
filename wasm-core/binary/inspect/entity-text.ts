import { type EntityKind, type ModuleOutline, signatureOf } from './module-outline.ts';
import { signatureText } from './type-text.ts';

/** The type of what a module imports or exports in the text format: `(func (param i32))`, `(memory 1 2)`. */
export function entityText(outline: ModuleOutline, kind: EntityKind, index: number): string {
  switch (kind) {
    case 'function':
      return functionTypeText(outline, index);
    case 'table':
      return `(table ${outline.tables[index]?.type ?? '?'})`;
    case 'memory':
      return `(memory ${outline.memories[index]?.type ?? '?'})`;
    case 'global':
      return `(global ${outline.globals[index]?.type ?? '?'})`;
    case 'tag': {
      const signature = outline.types[outline.tags[index] ?? -1]?.signature;
      return `(tag${signature === undefined ? ' ?' : signatureText(signature)})`;
    }
  }
}

/** The type of a function: `(func (param i32) (result i64))`; `(func ?)` when the file does not tell. */
export function functionTypeText(outline: ModuleOutline, index: number): string {
  const signature = signatureOf(outline, index);
  return `(func${signature === undefined ? ' ?' : signatureText(signature)})`;
}

/** The longest text of a cell or a label. */
const MAX_TEXT = 1000;

/** A name for showing: a file may have one of megabytes. */
export function shortened(text: string, maxLength = MAX_TEXT): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength)}…`;
}

import type { Immediate } from '../syntax/instruction-table.ts';
import { fieldsOf } from './names-in-scope.ts';
import type { NextImmediates } from './next-immediates.ts';
import { definitionOffers, nameOffers, type Offer, wordOffers } from './offers.ts';
import type { WatCursor } from './wat-cursor.ts';
import { HEAP_WORDS, SHAPES, TYPE_WORDS } from './words.ts';

/** What the immediates of an instruction may name or say. */
export function immediateOffers(cursor: WatCursor, { kinds, owner }: NextImmediates): Offer[] {
  return kinds.flatMap((kind) => {
    if (kind === 'field') return owner === undefined ? [] : definitionOffers(cursor, fieldsOf(cursor, owner));
    return offersOf(cursor, kind);
  });
}

function offersOf(cursor: WatCursor, kind: Exclude<Immediate, 'field'>): Offer[] {
  switch (kind) {
    case 'type':
    case 'func':
    case 'global':
    case 'local':
    case 'label':
    case 'tag':
    case 'elem':
    case 'data':
      return nameOffers(cursor, kind);
    case 'labels':
      return nameOffers(cursor, 'label');
    case 'table?':
    case 'tables?':
      return nameOffers(cursor, 'table');
    case 'memory?':
    case 'memories?':
      return nameOffers(cursor, 'memory');
    case 'memarg':
      return memoryOffers(cursor);
    case 'heaptype':
      return [...wordOffers(HEAP_WORDS), ...nameOffers(cursor, 'type')];
    case 'reftype':
      return wordOffers(TYPE_WORDS.filter((type) => type.endsWith('ref')));
    case 'vector':
      return wordOffers(SHAPES);
    default:
      return [];
  }
}

function memoryOffers({ before }: WatCursor): Offer[] {
  const last = before.at(-1);
  const written = last?.kind === 'keyword' ? last.text : '';
  if (written.startsWith('align=')) return [];
  return wordOffers(written.startsWith('offset=') ? ['align='] : ['offset=', 'align=']);
}

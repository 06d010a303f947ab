import { type Immediate, INSTRUCTIONS } from '../syntax/instruction-table.ts';
import type { WatToken } from '../syntax/tokens.ts';
import type { WatItem } from '../syntax/tree.ts';

/** What may stand behind an instruction and some of its immediates. */
export interface NextImmediates {
  readonly kinds: readonly Immediate[];
  /** Whether nothing more has to follow, so that another instruction may. */
  readonly isDone: boolean;
  /** What names the type whose fields may follow. */
  readonly owner: WatToken | undefined;
}

const SPECIAL: Readonly<Record<string, readonly Immediate[] | undefined>> = {
  rethrow: ['label'],
  delegate: ['label'],
  catch: ['tag'],
};

/** Whether a keyword is followed by immediates, or begins an instruction without any. */
export function isInstructionWord(word: string): boolean {
  return INSTRUCTIONS.has(word) || PARTS.has(word);
}

const PARTS = new Set(['else', 'end', 'catch', 'catch_all', 'delegate', 'then', 'do']);

/** Tells what may follow. @param items what stands between the instruction's keyword and the position */
export function nextImmediates(name: string, items: readonly WatItem[]): NextImmediates {
  let at = 0;
  let owner: WatToken | undefined;
  const possible: Immediate[] = [];
  for (const kind of INSTRUCTIONS.get(name) ?? SPECIAL[name] ?? []) {
    const taken = countOf(kind, items.slice(at));
    const first = items[at];
    if (kind === 'type' && taken > 0 && first?.kind !== 'form') owner = first;
    at += taken;
    if (at < items.length) continue;
    if (taken === 0 || MANY.has(kind)) possible.push(kind);
    if (taken < (LEAST[kind] ?? 1)) return { kinds: possible, isDone: false, owner };
  }
  // What cannot follow the instruction ends it.
  return { kinds: at < items.length ? [] : possible, isDone: true, owner };
}

/** How many items must stand for an immediate, if not one. */
const LEAST: Partial<Readonly<Record<Immediate, number>>> = {
  'table?': 0,
  'tables?': 0,
  'memory?': 0,
  'memories?': 0,
  memarg: 0,
  typeuse: 0,
  blocktype: 0,
  catches: 0,
  results: 0,
  vector: 2,
};

/** Immediates of which another may follow. */
const MANY = new Set<Immediate>(['labels', 'memarg', 'catches', 'tables?', 'memories?']);

function countOf(kind: Immediate, items: readonly WatItem[]): number {
  const run = (fits: (item: WatItem) => boolean, most = items.length): number => {
    const end = items.findIndex((item) => !fits(item));
    return Math.min(end < 0 ? items.length : end, most);
  };
  switch (kind) {
    case 'labels':
      return run(isIndex);
    case 'table?':
    case 'memory?':
      return run(isIndex, 1);
    case 'tables?':
    case 'memories?':
      return run(isIndex, 2);
    case 'memarg':
      return run((item) => item.kind === 'keyword' && /^(?:offset|align)=/.test(item.text));
    case 'typeuse':
    case 'catches':
    case 'results':
      return run((item) => item.kind === 'form' && CLAUSES[kind].test(item.head));
    case 'blocktype':
      return (
        run(({ kind: item }) => item === 'id', 1) +
        run((item) => item.kind === 'form' && CLAUSES.typeuse.test(item.head))
      );
    case 'vector':
      return run((item) => item.kind === 'number' || item.kind === 'keyword');
    case 'lanes':
      return run((item) => item.kind === 'number');
    case 'heaptype':
    case 'reftype':
      return run((item) => item.kind !== 'form' || item.head === 'ref', 1);
    default:
      return run((item) => item.kind !== 'form', 1);
  }
}

const CLAUSES = { typeuse: /^(?:type|param|result)$/, catches: /^catch/, results: /^result$/ };

function isIndex({ kind }: WatItem): boolean {
  return kind === 'id' || kind === 'number';
}

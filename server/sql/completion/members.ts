import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';
import { sameName } from '../syntax/scope.ts';
import { identifier, isMark } from '../tokens.ts';
import { plainColumnOffers } from './columns.ts';
import type { CompletionScope } from './completion-scope.ts';
import type { Cursor } from './cursor.ts';
import { methodOffers } from './functions.ts';
import type { Offer } from './offers.ts';
import { schemaMembers } from './relations.ts';
import { findColumn, type ScopeRelation } from './scope-columns.ts';
import { elementType, structFields } from './struct-fields.ts';

/** A name in front of a dot. */
interface Step {
  readonly name: string;
  /** How many elements were taken of it: `xs[1].` */
  readonly indexes: number;
}

/** What may stand behind a dot: columns of a relation, fields of a STRUCT, tables of a schema, functions of a value. */
export async function memberOffers(
  scope: CompletionScope,
  relations: readonly ScopeRelation[],
): Promise<Offer[]> {
  const steps = stepsInFront(scope.cursor);
  const [first, ...rest] = steps;
  if (first === undefined) return [];
  const { reserved } = scope;
  const relation = relations.find(({ name }) => sameName(name, first.name));
  if (relation !== undefined && rest.length === 0)
    return plainColumnOffers(relation.columns, reserved, relation.name);
  const type =
    relation === undefined
      ? typeBehind(findColumn(relations, first.name), first, rest)
      : typeBehind(findColumn(relations, rest[0]?.name ?? '', relation.name), rest[0], rest.slice(1));
  if (type !== undefined) {
    const fields = structFields(type);
    return fields.length > 0 ? plainColumnOffers(fields, reserved) : methodOffers(scope, type);
  }
  const path = steps.map(({ name }) => name);
  const columns = await scope.reader.tableColumns(path);
  return [...plainColumnOffers(columns ?? [], reserved, path.at(-1)), ...schemaMembers(scope, path)];
}

/** The names in front of a position, the outermost first. */
export function stepsInFront({ before, opening }: Cursor): Step[] {
  const steps: Step[] = [];
  let at = before.length - 1;
  while (isMark(before[at], '.')) {
    at--;
    let indexes = 0;
    while (isMark(before[at], ']') && opening.has(at)) {
      at = (opening.get(at) ?? 0) - 1;
      indexes++;
    }
    const name = identifier(before[at]);
    if (name === undefined) return [];
    steps.unshift({ name, indexes });
    at--;
  }
  return steps;
}

function typeBehind(
  column: ColumnInfo | undefined,
  first: Step | undefined,
  rest: readonly Step[],
): string | undefined {
  let type = elementOf(column?.type, first?.indexes ?? 0);
  for (const step of rest) {
    const field = structFields(type ?? '').find(({ name }) => sameName(name, step.name));
    type = elementOf(field?.type, step.indexes);
  }
  return type === '' ? undefined : type;
}

function elementOf(type: string | undefined, indexes: number): string | undefined {
  let element = type;
  for (let i = 0; i < indexes && element !== undefined; i++) element = elementType(element);
  return element;
}

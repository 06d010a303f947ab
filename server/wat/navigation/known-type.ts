import { INSTRUCTION_DOCS } from '../instructions/instruction-docs.ts';
import { resolvedType, useOf, written } from '../names/declaration.ts';
import type { WatDefinition, WatNames } from '../names/names.ts';
import type { WatInstruction, WatSpan, WatVariable } from '../syntax/tree.ts';

/** What an instruction takes and gives, in words: `$a: i32`. */
export interface KnownType {
  readonly operands: readonly string[];
  readonly results: readonly string[];
}

/** The type that an instruction has from what it names; undefined where that tells nothing. */
export function knownType(instruction: WatInstruction, names: WatNames): KnownType | undefined {
  const { name, references, typeUse } = instruction;
  const { text } = names.syntax;
  if (typeUse !== undefined) return callType(name, resolvedType(typeUse, names), text);
  const [first] = references;
  const definition = first && useOf(names, first.token)?.definition;
  if (definition === undefined) return undefined;
  if (name === 'struct.new') return structType(definition, text);
  switch (definition.space) {
    case 'func':
    case 'tag':
    case 'type': {
      const type = CALLS.has(name) ? functionType(definition, names) : undefined;
      return type && callType(name, type, text);
    }
    case 'label':
      return branchType(name, definition, names);
    case 'local':
    case 'global':
      return variableType(name, definition, text);
    default:
      return undefined;
  }
}

const CALLS = new Set(['call', 'return_call', 'call_ref', 'return_call_ref', 'throw']);

/** What some instructions take behind the values. */
const LAST_OPERANDS: Readonly<Record<string, readonly string[] | undefined>> = {
  call_indirect: ['index: i32'],
  return_call_indirect: ['index: i32'],
  call_ref: ['function: (ref null $t)'],
  return_call_ref: ['function: (ref null $t)'],
  br_if: ['condition: i32'],
  br_table: ['index: i32'],
};

/** Instructions behind which nothing is reached. */
const LEAVING = new Set(['throw', 'br', 'br_table']);

type Types = { readonly parameters: readonly WatVariable[]; readonly results: readonly WatSpan[] };

function callType(name: string, { parameters, results }: Types, text: string): KnownType {
  const own = parameters.map(({ id, type }) =>
    id === undefined ? valueText(type, text) : `${id.text}: ${valueText(type, text)}`,
  );
  return {
    operands: [...own, ...(LAST_OPERANDS[name] ?? [])],
    results: LEAVING.has(name) ? ['t*'] : results.map((result) => written(result, text)),
  };
}

function functionType({ field }: WatDefinition, names: WatNames): Types | undefined {
  if (field.kind === 'func' || field.kind === 'tag') return resolvedType(field.typeUse, names);
  return field.kind === 'type' && field.shape.kind === 'func' ? field.shape.typeUse : undefined;
}

function structType({ field, id }: WatDefinition, text: string): KnownType | undefined {
  if (field.kind !== 'type' || field.shape.kind !== 'struct') return undefined;
  const { operands } = callType('struct.new', { parameters: field.shape.fields, results: [] }, text);
  return { operands, results: [`(ref ${id?.text ?? '$t'})`] };
}

/** A branch takes what its label does: what a loop begins with, and what other blocks end with. */
function branchType(name: string, { block }: WatDefinition, names: WatNames): KnownType | undefined {
  if (!BRANCHES.has(name)) return undefined;
  const { parameters, results } = resolvedType(block?.typeUse, names);
  const taken = block?.name === 'loop' ? parameters.map(({ type }) => type) : results;
  const types = taken.map((type) => written(type, names.syntax.text));
  return {
    operands: [...types, ...(LAST_OPERANDS[name] ?? [])],
    results: LEAVING.has(name) ? ['t*'] : types,
  };
}

const BRANCHES = new Set(['br', 'br_if', 'br_table']);

/** Of a variable, in place of the `t` of the instruction. */
function variableType(name: string, { variable, field }: WatDefinition, text: string): KnownType | undefined {
  const span = variable?.type ?? (field.kind === 'global' ? field.type : undefined);
  const type = INSTRUCTION_DOCS.get(name)?.type;
  if (span === undefined || type === undefined) return undefined;
  const own = valueText(span, text);
  return {
    operands: type.operands.map((operand) => `${operand.name}: ${own}`),
    results: type.results.map(() => own),
  };
}

/** The type of a value that is kept as a type says: without `mut`, and of 32 bits where it is packed. */
function valueText(span: WatSpan, text: string): string {
  const type = /^\(\s*mut\s+(.*?)\s*\)$/.exec(written(span, text))?.[1] ?? written(span, text);
  return type === 'i8' || type === 'i16' ? 'i32' : type;
}

import { expressionType } from '../expression-type.ts';
import { textOf } from '../syntax/scope.ts';
import type { Span } from '../syntax/tree.ts';
import type { Lint, LintFinding, LintInput } from './lint.ts';
import { type PluginCall, parameterAt, pluginCalls } from './plugin-calls.ts';
import { type Kind, kindOf } from './type-kinds.ts';

/** What the fix takes from a finding. */
export interface ArgumentTypeData {
  /** The parameter's type. */
  readonly type: string;
}

/** An argument of a plugin function that DuckDB casts to a type of another kind without being told. */
export const pluginArgumentType: Lint = {
  code: 'plugin-argument-type',
  level: 'warning',
  find: async (input) => {
    const found: LintFinding[] = [];
    for (const call of await pluginCalls(input)) {
      for (const index of call.call.arguments.keys()) found.push(...(await findAt(input, call, index)));
    }
    return found;
  },
};

/** Kinds that a text literal is the usual way to write. */
const WRITTEN_AS_TEXT: ReadonlySet<Kind> = new Set<Kind>([
  'text',
  'date',
  'time',
  'timestamp',
  'timestamp with time zone',
  'interval',
  'uuid',
  'blob',
]);

async function findAt(
  input: LintInput,
  { call, functions }: PluginCall,
  index: number,
): Promise<LintFinding[]> {
  const argument = call.arguments[index];
  // With several functions the engine chooses the one that fits best.
  const parameters = functions.flatMap(({ fn }) => parameterAt(fn, index) ?? []);
  const [parameter] = parameters;
  if (argument === undefined || parameter === undefined || parameters.length > 1) return [];
  const wanted = kindOf(parameter.type);
  const given = await givenType(input, argument, wanted);
  if (given === undefined) return [];
  const cast = `${textOf(input.statement.text, argument)}::${parameter.type}`;
  const message = `${call.name.text} takes ${parameter.name} as ${parameter.type}, and this is ${given.text}; ${given.what} Write ${cast} when that is meant.`;
  const data: ArgumentTypeData = { type: parameter.type };
  return [{ ...argument, message, data }];
}

/** The type of an argument when it is of another kind than its parameter and yet accepted; DuckDB refuses all others. */
async function givenType(
  input: LintInput,
  argument: Span,
  wanted: Kind,
): Promise<{ readonly text: string; readonly what: string } | undefined> {
  if (/^'(?:[^']|'')*'$/.test(textOf(input.statement.text, argument))) {
    if (WRITTEN_AS_TEXT.has(wanted) || wanted === 'other') return undefined;
    return { text: 'a text', what: 'DuckDB reads it as one, and fails where it is none.' };
  }
  if (wanted !== 'timestamp with time zone') return undefined;
  const type = await expressionType(input, argument);
  const kind = type === undefined ? 'other' : kindOf(type);
  if (type === undefined || (kind !== 'date' && kind !== 'timestamp')) return undefined;
  return { text: type, what: "DuckDB takes it for a time in the session's time zone." };
}

import { CoreError } from '../protocol/errors.ts';
import {
  DOCUMENT_TYPE,
  type DocumentValue,
  type PluginFunction,
  type PluginParameter,
} from '../protocol/plugins.ts';
import type { TypedValue } from '../protocol/typed-values.ts';
import type { RunInputs } from './run-context.ts';

/**
 * What a run is given when one of its arguments is its document: an object, or JSON text of one. Whoever calls hands the
 * document over, so it needs no grant.
 *
 * @returns `inputs` itself for a function without a DOCUMENT parameter, and for a NULL
 * @throws CoreError ARGUMENT_INVALID for an argument that is no object
 */
export function withDocument(
  inputs: RunInputs | undefined,
  call: { readonly function: PluginFunction; readonly arguments: readonly TypedValue[] },
): RunInputs | undefined {
  const index = call.function.parameters.findIndex(({ type }) => type === DOCUMENT_TYPE);
  const parameter = call.function.parameters[index];
  const value = call.arguments[index] ?? null;
  if (parameter === undefined || value === null) return inputs;
  const document = documentOf(value, parameter);
  const capabilities = [...(inputs?.capabilities ?? []), 'document' as const];
  return { ...inputs, capabilities, document };
}

/** The document that an argument is. @throws CoreError ARGUMENT_INVALID */
export function documentOf(value: TypedValue, parameter: PluginParameter): DocumentValue {
  const given: unknown = typeof value === 'string' ? parsed(value) : value;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const message = `The argument ${parameter.name} is a document: give a JSON object, or the text of one.`;
    throw new CoreError('ARGUMENT_INVALID', message, { parameter: parameter.name, type: DOCUMENT_TYPE });
  }
  const fields = given as Readonly<Record<string, unknown>>;
  const id = fieldOf(fields, parameter.idField);
  const score = Number(fieldOf(fields, parameter.scoreField) ?? Number.NaN);
  return {
    ...((typeof id === 'string' || typeof id === 'number') && { id: String(id) }),
    ...(!Number.isNaN(score) && { score }),
    fields,
  };
}

function fieldOf(fields: Readonly<Record<string, unknown>>, name: string | undefined): unknown {
  return name !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

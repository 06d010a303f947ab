import * as vscode from 'vscode';
import { benchmarkText } from '../../wasm-core/protocol/bench/function-benchmarks.ts';
import type { FunctionTarget } from '../../wasm-core/protocol/lsp.ts';
import type { ModuleInfo } from '../../wasm-core/protocol/methods.ts';
import type { PluginFunction } from '../../wasm-core/protocol/plugins.ts';
import type { TypedValue } from '../../wasm-core/protocol/typed-values.ts';
import type { BenchSubject, CallWork } from './bench-subject.ts';

/** A function of a module that is loaded. */
export interface LoadedFunction {
  readonly module: ModuleInfo;
  readonly function: PluginFunction;
}

/** Functions that take what a function takes, itself left out: those of other languages, and other ways to do it. */
export function functionsLike(
  target: FunctionTarget,
  modules: readonly ModuleInfo[],
): readonly LoadedFunction[] {
  const wanted = shapeOf(target.function);
  return modules.flatMap((module) =>
    module.functions.flatMap((fn) => {
      const isItself = fn.name === target.function.name && module.name === target.module;
      return isItself || shapeOf(fn) !== wanted ? [] : [{ module, function: fn }];
    }),
  );
}

/** A module's function as its lens would carry it. */
export function targetOf({ module, function: fn }: LoadedFunction): FunctionTarget {
  const file = module.source ?? `${module.namespace}/plugins/${module.name}.wasm`;
  return { uri: vscode.Uri.file(file).toString(), module: module.name, function: fn };
}

/** A function of the engine, called as a plugin's function is. @param name as SQL writes it */
export function builtInSubject(beside: BenchSubject, name: string): BenchSubject | undefined {
  const { called } = beside;
  if (called === undefined) return undefined;
  const sql = benchmarkText({ ...called.target.function, name }, called.args);
  const subject: BenchSubject = {
    name,
    file: beside.file,
    document: beside.document,
    work: { type: 'statement', sql, parameters: {}, setup: [] },
    options: {},
    isCommitted: false,
    find: async () => undefined,
    again: async () => subject,
  };
  return subject;
}

/**
 * One call of a function with the counting of fuel and without.
 *
 * @returns undefined for a function whose parameters are of types that there are no examples for
 */
export function meteringSubjects(
  beside: BenchSubject,
  namespace: string,
): readonly BenchSubject[] | undefined {
  const { target } = beside.called ?? {};
  if (target === undefined || target.function.kind !== undefined) return undefined;
  const values = target.function.parameters.map(({ type }) => EXAMPLES[type]);
  const known = values.filter((value): value is TypedValue => value !== undefined);
  if (known.length < values.length) return undefined;
  const work: CallWork = {
    type: 'call',
    module: target.module,
    namespace,
    function: target.function.name,
    arguments: known,
  };
  const subject = (name: string, more: Partial<CallWork>): BenchSubject => {
    const { sized: _, recorded: __, called: ___, ...others } = beside;
    const made: BenchSubject = {
      ...others,
      name,
      work: { ...work, ...more },
      isCommitted: false,
      again: async () => made,
    };
    return made;
  };
  const { name } = target.function;
  return [
    subject(vscode.l10n.t('{0}, counting fuel', name), {}),
    subject(vscode.l10n.t('{0}, not counting', name), { unmetered: true }),
  ];
}

function shapeOf({ kind, parameters }: PluginFunction): string {
  return [
    kind ?? 'scalar',
    ...parameters.map(({ type, variadic }) => `${type}${variadic ? '...' : ''}`),
  ].join(' ');
}

/** A value of each type that a call outside of SQL is measured with. */
const EXAMPLES: Readonly<Record<string, TypedValue>> = {
  BOOLEAN: true,
  VARCHAR: 'some text, neither short nor long',
  BLOB: { base64: 'c29tZSBieXRlcw==' },
  TINYINT: 7,
  SMALLINT: 7,
  INTEGER: 7,
  BIGINT: '7',
  FLOAT: 1.5,
  DOUBLE: 1.5,
  DATE: '2024-02-29',
  TIMESTAMP: '2024-02-29 12:00:00',
};

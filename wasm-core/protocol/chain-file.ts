import type { ChainInputFormat, ChainOutputFormat, ChainStep } from './chains.ts';
import { CoreError } from './errors.ts';
import { JsonPlace, shown } from './json-place.ts';
import type { Limits } from './limits.ts';

/** The most steps that one chain has. */
export const MAX_CHAIN_STEPS = 64;

/** What a chain file's name ends with. */
export const CHAIN_ENDING = '.chain.json';

/** Forms in which a SQL step reads its input. */
export const INPUT_FORMATS = [
  'json',
  'ndjson',
  'csv',
  'text',
  'parquet',
  'arrow',
] as const satisfies readonly ChainInputFormat[];

/** Forms in which a SQL step writes its output. */
export const OUTPUT_FORMATS = [
  'json',
  'ndjson',
  'csv',
  'parquet',
  'arrow',
] as const satisfies readonly ChainOutputFormat[];

/** A chain as its file describes it. */
export interface ChainDefinition {
  /** 1 to 200 characters. */
  readonly name?: string;
  /** One paragraph for people. */
  readonly doc?: string;
  /** `timeoutMs` is for the whole chain, the others are for each step. */
  readonly limits?: Limits;
  /** 1 to 64 of them. */
  readonly steps: readonly ChainStep[];
}

/**
 * Reads the text of a `*.chain.json` file. It is read strictly: a member that is not known is an error, since it would
 * do nothing.
 *
 * @param options.source the file's name, for messages
 * @throws CoreError FORMAT_CHAIN that names the JSON path and what to write; details `{source, path}`
 */
export function parseChainFile(text: string, options: { readonly source: string }): ChainDefinition {
  const root = new JsonPlace({ kind: 'FORMAT_CHAIN', source: options.source });
  const { $schema, ...chain } = root.object(root.parse(text), ['$schema', ...CHAIN_MEMBERS]);
  root.member('$schema').optionalText($schema, MAX_DOC_LENGTH);
  return readChain(chain, root);
}

/**
 * The steps of a request, in the same form as in a file.
 *
 * @throws CoreError PARAMS_INVALID
 */
export function readSteps(value: unknown): readonly ChainStep[] {
  if (!Array.isArray(value)) {
    const advice = 'of module names, {"plugin": …} and {"sql": …}';
    throw new CoreError('PARAMS_INVALID', `steps must be an array ${advice}, and it is ${shown(value)}.`);
  }
  return parseSteps(value, new JsonPlace({ kind: 'PARAMS_INVALID', source: 'the params' }, 'steps'));
}

/**
 * The chain of another file's member, in the same form as in a file of its own.
 *
 * @throws CoreError of the place's kind
 */
export function readChain(value: unknown, place: JsonPlace): ChainDefinition {
  const chain = place.object(value, CHAIN_MEMBERS);
  const name = place.member('name').optionalText(chain.name, MAX_NAME_LENGTH);
  const doc = place.member('doc').optionalText(chain.doc, MAX_DOC_LENGTH);
  const limits = place.member('limits').limits(chain.limits);
  const steps = parseSteps(chain.steps, place.member('steps'));
  return {
    ...(name !== undefined && { name }),
    ...(doc !== undefined && { doc }),
    ...(chain.limits !== undefined && { limits }),
    steps,
  };
}

const CHAIN_MEMBERS = ['name', 'doc', 'limits', 'steps'];
const MAX_NAME_LENGTH = 200;
const MAX_DOC_LENGTH = 10_000;
const MAX_SQL_LENGTH = 1024 * 1024;
const PLUGIN_MEMBERS = ['plugin', 'name', 'config', 'limits'];
const SQL_MEMBERS = ['sql', 'name', 'input', 'output', 'limits'];

function parseSteps(value: unknown, place: JsonPlace): readonly ChainStep[] {
  if (!Array.isArray(value)) throw place.fault(`is ${shown(value)}; write an array of steps`);
  if (value.length < 1 || value.length > MAX_CHAIN_STEPS) {
    throw place.fault(`has ${value.length} steps; a chain has 1 to ${MAX_CHAIN_STEPS} steps`);
  }
  return value.map((step: unknown, index) => parseStep(step, place.item(index)));
}

function parseStep(value: unknown, place: JsonPlace): ChainStep {
  if (typeof value === 'string') return place.text(value, MAX_NAME_LENGTH);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw place.fault(`is ${shown(value)}; write a module's name, {"plugin": "…"} or {"sql": "…"}`);
  }
  if ('plugin' in value && 'sql' in value) {
    throw place.fault('has plugin and sql; write one of them, and a further step for the other');
  }
  const step = place.object(value, 'sql' in value ? SQL_MEMBERS : PLUGIN_MEMBERS);
  const name = place.member('name').optionalText(step.name, MAX_NAME_LENGTH);
  const limits = place.member('limits').limits(step.limits);
  const common = { ...(name !== undefined && { name }), ...(step.limits !== undefined && { limits }) };
  if (!('sql' in value)) {
    const plugin = place.member('plugin').text(step.plugin, MAX_NAME_LENGTH);
    return { plugin, ...common, ...(step.config !== undefined && { config: step.config }) };
  }
  const sql = place.member('sql').text(step.sql, MAX_SQL_LENGTH);
  if (sql.trim() === '') throw place.member('sql').fault('is blank; write a statement that returns rows');
  const { input, output } = step;
  return {
    sql,
    ...common,
    ...(input !== undefined && { input: place.member('input').word(input, INPUT_FORMATS) }),
    ...(output !== undefined && { output: place.member('output').word(output, OUTPUT_FORMATS) }),
  };
}

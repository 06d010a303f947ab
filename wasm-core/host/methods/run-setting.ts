import type { RunSetting } from '../../protocol/methods.ts';
import type { DocumentValue } from '../../protocol/plugins.ts';
import { invalid, isAbsent, type Params, readOptionalInteger, readStrings } from '../params.ts';

/** The members of a run's params that `readSetting` reads. */
export const SETTING_MEMBERS = ['document', 'config', 'seed', 'nowMs', 'args', 'env'];

/** The latest time that JavaScript's dates know, milliseconds since 1970. */
const MAX_TIME_MS = 8.64e15;

/**
 * What a run is told beside its input; undefined when that is nothing.
 *
 * @throws CoreError PARAMS_INVALID
 */
export function readSetting(params: Params): RunSetting | undefined {
  if (SETTING_MEMBERS.every((name) => isAbsent(params[name]))) return undefined;
  const document = readDocument(params.document);
  const seed = readOptionalInteger(params, 'seed', { min: 0, max: 0xffff_ffff });
  const nowMs = readOptionalInteger(params, 'nowMs', { min: 0, max: MAX_TIME_MS });
  const env = readEnvironment(params.env);
  return {
    ...(document && { document }),
    ...(params.config !== undefined && { config: params.config }),
    ...(seed !== undefined && { seed }),
    ...(nowMs !== undefined && { nowMs }),
    ...(!isAbsent(params.args) && { args: readArgs(params) }),
    ...(env && { env }),
  };
}

function readDocument(value: unknown): DocumentValue | undefined {
  if (isAbsent(value)) return undefined;
  const { id, score, fields, ...others } = asObject(value, 'document');
  const [stranger] = Object.keys(others);
  if (stranger !== undefined) {
    throw invalid(
      `document has no member ${JSON.stringify(stranger.slice(0, 100))}. There are id, score, fields.`,
    );
  }
  if (!isAbsent(id) && typeof id !== 'string') throw invalid('document.id must be a string.');
  if (!isAbsent(score) && typeof score !== 'number') throw invalid('document.score must be a number.');
  return {
    ...(typeof id === 'string' && { id }),
    ...(typeof score === 'number' && { score }),
    fields: isAbsent(fields) ? {} : asObject(fields, 'document.fields'),
  };
}

/** Like `readStrings`, with empty ones: programs have such arguments. */
function readArgs(params: Params): readonly string[] {
  const { args } = params;
  if (Array.isArray(args) && args.length <= 1000 && args.every(isCText)) return args;
  readStrings(params, 'args');
  throw invalid('args must be an array of at most 1000 strings without NUL characters.');
}

function readEnvironment(value: unknown): Readonly<Record<string, string>> | undefined {
  if (isAbsent(value)) return undefined;
  const entries = Object.entries(asObject(value, 'env'));
  for (const [name, text] of entries) {
    const shown = name.slice(0, 100);
    if (!isCText(text)) throw invalid(`env.${shown} must be a string without NUL characters.`);
    if (!/^[^=\0]+$/.test(name)) throw invalid(`${JSON.stringify(shown)} cannot be a name in env.`);
  }
  if (entries.length > 1000) throw invalid('env has at most 1000 members.');
  return Object.fromEntries(entries) as Record<string, string>;
}

function isCText(value: unknown): value is string {
  return typeof value === 'string' && !value.includes('\0');
}

function asObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw invalid(`${name} must be an object.`);
}

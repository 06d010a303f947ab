import path from 'node:path';
import { CoreError } from '../protocol/errors.ts';
import { nearNames } from '../protocol/near-names.ts';

/** Parameters of a request as an object whose members are all known. */
export type Params = Readonly<Record<string, unknown>>;

/**
 * Checks that parameters are an object of known members; none at all counts as an empty one.
 *
 * @param known every member that the method has
 * @throws CoreError PARAMS_INVALID
 */
export function readParams(value: unknown, known: readonly string[]): Params {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw invalid('params must be an object.');
  const stranger = Object.keys(value).find((name) => !known.includes(name));
  if (stranger === undefined) return value as Params;
  const [near] = nearNames(stranger, known);
  const advice = near ? ` Did you mean ${near}?` : ` There are ${known.join(', ') || 'none'}.`;
  throw invalid(`The params have no member ${JSON.stringify(stranger.slice(0, 100))}.${advice}`);
}

/** @throws CoreError PARAMS_INVALID when it is not a string or is empty */
export function readString(params: Params, name: string): string {
  const value = params[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(`${name} must be a string that is not empty.`);
}

/** @throws CoreError PARAMS_INVALID */
export function readOptionalString(params: Params, name: string): string | undefined {
  return isAbsent(params[name]) ? undefined : readString(params, name);
}

/** Text that may be empty. @throws CoreError PARAMS_INVALID */
export function readText(params: Params, name: string): string {
  const value = params[name];
  if (typeof value === 'string') return value;
  throw invalid(`${name} must be a string.`);
}

/** @throws CoreError PARAMS_INVALID when it is not an absolute path */
export function readAbsolutePath(params: Params, name: string): string {
  return checkAbsolute(readString(params, name), name);
}

/** @throws CoreError PARAMS_INVALID */
export function readOptionalAbsolutePath(params: Params, name: string): string | undefined {
  return isAbsent(params[name]) ? undefined : readAbsolutePath(params, name);
}

/** An array of strings, none of them empty; absent: no string. @throws CoreError PARAMS_INVALID */
export function readStrings(params: Params, name: string, limits = { max: 1000 }): readonly string[] {
  const value = params[name];
  if (isAbsent(value)) return [];
  const fine = Array.isArray(value) && value.length <= limits.max;
  if (fine && value.every((item) => typeof item === 'string' && item !== '')) return value as string[];
  throw invalid(`${name} must be an array of at most ${limits.max} strings, none of them empty.`);
}

/** @throws CoreError PARAMS_INVALID */
export function readAbsolutePaths(params: Params, name: string): readonly string[] {
  return readStrings(params, name).map((item, index) => checkAbsolute(item, `${name}[${index}]`));
}

/** A whole number in a range; absent: undefined. @throws CoreError PARAMS_INVALID */
export function readOptionalInteger(
  params: Params,
  name: string,
  range: { readonly min: number; readonly max: number },
): number | undefined {
  const value = params[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= range.min && value <= range.max) {
    return value;
  }
  throw invalid(`${name} must be a whole number from ${range.min} to ${range.max}.`);
}

/** True or false; absent: undefined. @throws CoreError PARAMS_INVALID */
export function readOptionalBoolean(params: Params, name: string): boolean | undefined {
  const value = params[name];
  if (isAbsent(value)) return undefined;
  if (typeof value === 'boolean') return value;
  throw invalid(`${name} must be true or false.`);
}

/** A PARAMS_INVALID error. */
export function invalid(message: string): CoreError {
  return new CoreError('PARAMS_INVALID', message);
}

/** JSON writers of other languages send null for what is left out. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function checkAbsolute(value: string, name: string): string {
  if (value.includes('\0')) throw invalid(`${name} must not hold a NUL character.`);
  if (path.isAbsolute(value)) return path.normalize(value);
  throw invalid(`${name} must be an absolute path, and ${JSON.stringify(value.slice(0, 200))} is not.`);
}

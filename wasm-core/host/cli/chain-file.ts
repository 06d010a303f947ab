import { CoreError } from '../../protocol/errors.ts';
import type { Limits } from '../../protocol/limits.ts';

/**
 * Reads the text of a `.chain.json` file: `{"steps": ["a", "b"], "namespace": "…", "limits": {…}}`, or the array of
 * steps alone.
 *
 * @param file its name, for messages
 * @throws CoreError FORMAT_CHAIN
 */
export function parseChainFile(
  text: string,
  file: string,
): { readonly steps: readonly string[]; readonly namespace?: string; readonly limits?: Limits } {
  const value = parseJson(text, file);
  const chain = Array.isArray(value) ? { steps: value as unknown } : value;
  if (typeof chain !== 'object' || chain === null) throw malformed(file, `it is not {"steps": ["name", …]}`);
  const { steps, namespace, limits, ...others } = chain as Record<string, unknown>;
  const [stranger] = Object.keys(others);
  if (stranger !== undefined)
    throw malformed(
      file,
      `it has a member ${JSON.stringify(stranger)}; there are steps, namespace and limits`,
    );
  if (!isSteps(steps)) throw malformed(file, 'its "steps" must be an array of 1 to 64 module names');
  if (namespace !== undefined && typeof namespace !== 'string')
    throw malformed(file, 'its "namespace" must be a string');
  return {
    steps,
    ...(namespace !== undefined && { namespace }),
    // The host checks them, as it does for everybody.
    ...(limits !== undefined && { limits: limits as Limits }),
  };
}

function isSteps(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length > 0 && value.every((s) => typeof s === 'string' && s !== '');
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw malformed(file, `it is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
}

function malformed(file: string, reason: string): CoreError {
  return new CoreError('FORMAT_CHAIN', `${file} is not a chain: ${reason}.`, { path: file });
}

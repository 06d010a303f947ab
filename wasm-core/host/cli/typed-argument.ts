import { CoreError } from '../../protocol/errors.ts';
import type { PluginParameter } from '../../protocol/plugins.ts';
import type { TypedValue } from '../../protocol/typed-values.ts';

/**
 * A word of the command line as an argument of a function. Ranges are the host's to check.
 *
 * @throws CoreError ARGUMENT_INVALID when it is not of the parameter's type at all
 */
export function parseTypedArgument(text: string, parameter: PluginParameter): TypedValue {
  if (text === 'NULL') return null;
  switch (parameter.type) {
    case 'VARCHAR':
      return text;
    case 'BLOB':
      return { base64: blobOf(text).toString('base64') };
    case 'BOOLEAN':
      if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
      throw mismatch(text, parameter, 'true or false');
    case 'BIGINT':
    case 'UBIGINT':
      if (/^-?\d+$/.test(text)) return text;
      throw mismatch(text, parameter, 'a whole number');
    case 'FLOAT':
    case 'DOUBLE':
      if (/^(NaN|-?Infinity)$/.test(text)) return text;
      return numberOf(text, parameter, /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i, 'a number');
    case 'TINYINT':
    case 'SMALLINT':
    case 'INTEGER':
    case 'UTINYINT':
    case 'USMALLINT':
    case 'UINTEGER':
      return numberOf(text, parameter, /^-?\d+$/, 'a whole number');
    default:
      return /^(STRUCT|MAP)\b|\]$|^(INTERVAL|DOCUMENT)$/.test(parameter.type)
        ? jsonOf(text, parameter)
        : text;
  }
}

/** LIST, ARRAY, STRUCT, MAP, INTERVAL and documents are JSON text; dates, times, decimals and UUIDs are as they stand. */
function jsonOf(text: string, parameter: PluginParameter): TypedValue {
  try {
    return JSON.parse(text) as TypedValue;
  } catch {
    throw mismatch(text, parameter, 'JSON');
  }
}

function numberOf(text: string, parameter: PluginParameter, pattern: RegExp, wanted: string): number {
  if (pattern.test(text)) return Number(text);
  throw mismatch(text, parameter, wanted);
}

/** `\x` and an even number of hexadecimal digits, or text. */
function blobOf(text: string): Buffer {
  return /^\\x([0-9a-f]{2})*$/i.test(text) ? Buffer.from(text.slice(2), 'hex') : Buffer.from(text);
}

function mismatch(text: string, { name, type }: PluginParameter, wanted: string): CoreError {
  const shown = JSON.stringify(text.slice(0, 100));
  return new CoreError('ARGUMENT_INVALID', `${name} is a ${type}, and ${shown} is not ${wanted}.`, {
    parameter: name,
  });
}

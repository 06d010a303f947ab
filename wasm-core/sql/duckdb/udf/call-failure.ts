import { CoreError, type ErrorKind } from '../../../protocol/errors.ts';
import type { PluginFunction } from '../../../protocol/plugins.ts';
import type { Pointer } from '../c-api.ts';
import type { Native } from '../native.ts';
import { typedValueAt } from './vector-values.ts';

/** Errors of one call, which `onError: null` makes NULL: the limits of a statement are not among them. */
const OF_ONE_CALL: readonly ErrorKind[] = [
  'TRAP',
  'GUEST_ERROR',
  'RESULT_INVALID',
  'MEMORY_BOUNDS',
  'ARGUMENT_INVALID',
];

/** Whether an error is about the values of one call, so that another call may do well. */
export function isOfOneCall(error: CoreError): boolean {
  return OF_ONE_CALL.some((kind) => kind === error.kind);
}

/** The longest text of an argument in a message, characters. */
const SHOWN = 40;

/** The largest call that an error carries whole, characters of JSON. */
const MAX_CALL_LENGTH = 256 * 1024;

/**
 * The error of a statement for a call that failed: it names the function, the row and the arguments.
 *
 * @param at.chunkRow the row in its chunk; undefined where no single row fails
 * @param at.firstRow rows that the function was called with before the chunk
 */
export function callFailure(
  native: Native,
  error: CoreError,
  at: {
    readonly fn: PluginFunction;
    readonly digest: string;
    readonly moduleName: string;
    readonly vectors: readonly Pointer[];
    readonly chunkRow: number | undefined;
    readonly firstRow: number;
    readonly rowCount: number;
  },
): CoreError {
  const { fn, chunkRow, firstRow } = at;
  if (chunkRow === undefined || !isOfOneCall(error)) {
    const last = firstRow + at.rowCount;
    const where = at.rowCount === 1 ? `row ${last}` : `rows ${firstRow + 1} to ${last}`;
    const message = isOfOneCall(error) ? `${where}: ${error.message}` : error.message;
    return new CoreError(error.kind, message, { ...error.details, function: fn.name });
  }
  const row = firstRow + chunkRow + 1;
  const values = at.vectors.map((vector) => typedValueAt(native, vector, chunkRow));
  const call = { function: fn.name, arguments: values, row, digest: at.digest, name: at.moduleName };
  const isSmall = JSON.stringify(values).length <= MAX_CALL_LENGTH;
  return new CoreError(error.kind, `row ${row}: ${withoutPeriod(error.message)}; ${callText(fn, values)}`, {
    ...error.details,
    function: fn.name,
    row,
    ...(isSmall && { call }),
  });
}

function withoutPeriod(message: string): string {
  return message.replace(/\.$/, '');
}

/** `slug(s => 'Crème …')`. */
function callText(fn: PluginFunction, values: readonly unknown[]): string {
  const shown = values.map((value, index) => {
    const { name = '' } = fn.parameters[Math.min(index, fn.parameters.length - 1)] ?? {};
    return `${name} => ${valueText(value)}`;
  });
  return `${fn.name}(${shown.join(', ')})`;
}

function valueText(value: unknown): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return `'${shortened(value).replaceAll("'", "''")}'`;
  return shortened(JSON.stringify(value));
}

function shortened(text: string): string {
  const characters = [...text.slice(0, 2 * SHOWN + 2)];
  return characters.length <= SHOWN ? text : `${characters.slice(0, SHOWN - 1).join('')}…`;
}

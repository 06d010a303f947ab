import { CoreError } from '../../protocol/errors.ts';
import type { PluginFunction } from '../../protocol/plugins.ts';
import type { Replay } from '../../protocol/replays.ts';
import type { TypedValue } from '../../protocol/typed-values.ts';

/**
 * A record of a file of tests that makes a failed call from SQL, with all of its arguments, and expects its error.
 *
 * @param fn the function that was called
 * @returns lines with LF, one behind the last
 * @throws CoreError PARAMS_INVALID for what SQL cannot call: `process`, aggregates, exports without a declaration
 */
export function replayTest(replay: Replay, fn: PluginFunction): string {
  const { call, kind, message, time } = replay;
  if (call.type !== 'call' || fn.kind === 'aggregate') {
    const what = call.type === 'call' ? 'an aggregate' : 'bytes';
    throw new CoreError(
      'PARAMS_INVALID',
      `The call is one of ${what}, which one statement cannot make again; write its test by hand.`,
    );
  }
  const list = call.arguments.map((value, i) => literal(value, typeOf(fn, i))).join(', ');
  const from = fn.kind === 'table' ? '* from ' : '';
  const reason = reasonOf(message);
  return [
    `# ${fn.name} failed on ${time} (${kind}); write query and what it has to give, once it is mended`,
    'statement error',
    `select ${from}${fn.name}(${list})`,
    ...(reason === undefined ? [] : ['----', reason]),
    '',
  ].join('\n');
}

/** What a trap says of itself, without places, which edits move. */
function reasonOf(message: string): string | undefined {
  return / trapped: (.+?)(?:; .*| at \S+:\d+.*)?\.?$/m.exec(message)?.[1];
}

function typeOf({ parameters }: PluginFunction, index: number): string {
  return (parameters[index] ?? parameters.at(-1))?.type ?? 'VARCHAR';
}

/** A value as SQL. Its line ends are written as characters of their own, since a record holds no empty line. */
function literal(value: TypedValue, type: string): string {
  return `${plain(value, type)}::${type}`;
}

function plain(value: TypedValue, type: string): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return String(value);
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return listText(value as readonly TypedValue[], type);
  const members = value as { readonly [name: string]: TypedValue };
  if (typeof members.base64 === 'string') return `from_base64(${text(members.base64)})`;
  if (type === 'INTERVAL') return intervalText(members);
  return `{${Object.entries(members)
    .map(([name, member]) => `${text(name)}: ${plain(member, '')}`)
    .join(', ')}}`;
}

function listText(items: readonly TypedValue[], type: string): string {
  if (!type.startsWith('MAP(')) return `[${items.map((item) => plain(item, '')).join(', ')}]`;
  const entries = items.map((item) => {
    const { key = null, value = null } = item as { readonly key?: TypedValue; readonly value?: TypedValue };
    return `${plain(key, '')}: ${plain(value, '')}`;
  });
  return `MAP {${entries.join(', ')}}`;
}

function intervalText({ months = 0, days = 0, micros = 0 }: { readonly [name: string]: TypedValue }): string {
  return `(to_months(${String(months)}) + to_days(${String(days)}) + to_microseconds(${String(micros)}))`;
}

function text(value: string): string {
  const quoted = (part: string): string => `'${part.replaceAll("'", "''")}'`;
  if (!/[\n\r\0]/.test(value)) return quoted(value);
  const parts = value.split(/([\n\r\0])/).filter((part) => part !== '');
  return `(${parts.map((part) => (/[\n\r\0]/.test(part) ? `chr(${part.charCodeAt(0)})` : quoted(part))).join(' || ')})`;
}

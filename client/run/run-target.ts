import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { RUN_STATEMENT_COMMAND, type RunTarget } from '../../wasm-core/protocol/lsp.ts';

/** Longest title of a statement, characters. */
const MAX_TITLE = 60;

/**
 * Checks the argument that a lens gave to its command.
 *
 * @returns undefined when the command was called without one, from the palette or a key
 * @throws CoreError PARAMS_INVALID
 */
export function parseRunTarget(value: unknown): RunTarget | undefined {
  // The run button of the editor's title gives the document's address instead, which says nothing new.
  if (!isRecord(value) || value.statementIndex === undefined) return undefined;
  const { uri, version, start, end, statementIndex, from = start } = value;
  const numbers = [version, start, end, statementIndex, from];
  if (typeof uri === 'string' && numbers.every((n) => typeof n === 'number')) {
    return { uri, version, start, end, statementIndex, ...(from !== start && { from }) } as RunTarget;
  }
  throw new CoreError(
    'PARAMS_INVALID',
    `${RUN_STATEMENT_COMMAND} takes no argument, or what a lens carries.`,
  );
}

/** A statement in one short line, for a tab or a message. */
export function statementTitle(sql: string): string {
  const flat = sql
    .slice(0, 10 * MAX_TITLE)
    .trim()
    .replaceAll(/\s+/g, ' ');
  return flat.length > MAX_TITLE ? `${flat.slice(0, MAX_TITLE - 1)}…` : flat;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

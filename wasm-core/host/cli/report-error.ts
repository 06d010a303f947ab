import { CommanderError } from 'commander';
import { CoreError } from '../../protocol/errors.ts';
import type { Cli } from './cli.ts';
import { failureLines } from './failure-text.ts';

/** Exit codes of every command. */
export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 130 } as const;

/** Bad usage that only a command itself can see. */
export class UsageError extends Error {}

/** A failure that was already told in full. */
export class ReportedFailure extends Error {}

/**
 * Says on stderr what went wrong, never with a stack.
 *
 * @returns the exit code
 */
export function reportError(error: unknown, cli: Cli): number {
  if (error instanceof ReportedFailure) return EXIT.failed;
  if (error instanceof CommanderError) return EXIT.usage;
  if (error instanceof UsageError) {
    cli.say(`error: ${error.message}\nRun quern --help, or quern help COMMAND, to see what there is.`);
    return EXIT.usage;
  }
  if (cli.interrupted) {
    cli.say('Cancelled.');
    return EXIT.cancelled;
  }
  if (cli.json) cli.say(JSON.stringify({ error: errorFacts(error) }));
  else cli.say(`quern: ${errorText(error)}`);
  return EXIT.failed;
}

/** An error as `--json` prints it. */
export function errorFacts(error: unknown): object {
  if (error instanceof CoreError) return { kind: error.kind, message: error.message, ...error.details };
  return { kind: 'INTERNAL', message: errorText(error) };
}

function errorText(error: unknown): string {
  if (error instanceof CoreError) return [error.message, ...failureLines(error)].join('\n');
  const text = error instanceof Error ? error.message : String(error);
  // This is a bug of ours: who looks for it wants the stack, nobody else does.
  if (process.env.QUERN_DEBUG && error instanceof Error) return error.stack ?? text;
  return `Something that should not happen: ${text}. Set QUERN_DEBUG=1 to see where, and tell us.`;
}

import path from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Limits } from '../../protocol/limits.ts';

/** Parsed `--timeout-ms`, `--fuel`, `--memory-mb`, `--max-output-bytes`. */
export interface LimitOptions {
  readonly timeoutMs?: number;
  readonly fuel?: number;
  readonly memoryMb?: number;
  readonly maxOutputBytes?: number;
}

/** Adds the options that limit a run. */
export function addLimitOptions(command: Command): Command {
  return command
    .option('--timeout-ms <n>', 'end the run after so many milliseconds (default 10000)', wholeNumber)
    .option('--memory-mb <n>', 'cap of its memory in MiB (default 64)', wholeNumber)
    .option('--max-output-bytes <n>', 'cap of its output (default 16777216)', wholeNumber)
    .option('--fuel <n>', 'cap of its instructions (default: none)', wholeNumber);
}

/** Adds the option that says whose `quern.json` applies. */
export function addFolderOption(command: Command): Command {
  return command.option('--folder <dir>', 'the folder whose quern.json applies (default: the current one)');
}

/** The folder whose `quern.json` applies, for a request. */
export function folderOf(options: { readonly folder?: string }): { readonly folder: string } {
  return { folder: path.resolve(options.folder ?? '.') };
}

/** Adds the options that give a run its input. */
export function addInputOptions(command: Command): Command {
  return command
    .option('--input <text>', 'the input as text')
    .option('--input-file <file>', 'the input from a file; without either it comes from stdin');
}

/** The limits that were given, for a request. */
export function limitsOf({ timeoutMs, fuel, memoryMb, maxOutputBytes }: LimitOptions): {
  readonly limits?: Limits;
} {
  const limits: Limits = {
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(fuel !== undefined && { fuel }),
    ...(memoryMb !== undefined && { memoryMb }),
    ...(maxOutputBytes !== undefined && { maxOutputBytes }),
  };
  return Object.keys(limits).length > 0 ? { limits } : {};
}

/** A parser for options that take a whole number of at least 1. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('It takes a whole number of at least 1.');
}

/** A parser for options that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

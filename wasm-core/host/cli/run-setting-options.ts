import { readFileSync } from 'node:fs';
import { type Command, InvalidArgumentError } from 'commander';
import type { RunSetting } from '../../protocol/methods.ts';
import type { DocumentValue } from '../../protocol/plugins.ts';
import { collect } from './options.ts';

/** Parsed `--arg`, `--env`, `--document`, `--config`, `--seed`, `--now-ms`. */
export interface RunSettingOptions {
  readonly arg?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly document?: DocumentValue;
  readonly config?: unknown;
  readonly seed?: number;
  readonly nowMs?: number;
}

/** Adds the options that tell a run more than its input. */
export function addRunSettingOptions(command: Command): Command {
  return command
    .option('--arg <text>', 'an argument of a program, behind its name; may be repeated', collect)
    .option('--env <name=value>', 'a variable of a program; may be repeated', collectVariable)
    .option('--document <json|@file>', 'the document that the plugin reads fields of', parseDocument)
    .option('--config <json|@file>', 'a configuration for the plugin', parseJson)
    .option(
      '--seed <n>',
      'random bytes of the plugin are the same for the same number',
      wholeUpTo(0xffff_ffff),
    )
    .option('--now-ms <n>', "stops the plugin's clock, milliseconds since 1970", wholeUpTo(8.64e15));
}

/** What was given, for a request. */
export function runSettingOf({ arg, env, document, config, seed, nowMs }: RunSettingOptions): RunSetting {
  return {
    ...(arg && { args: arg }),
    ...(env && { env }),
    ...(document && { document }),
    ...(config !== undefined && { config }),
    ...(seed !== undefined && { seed }),
    ...(nowMs !== undefined && { nowMs }),
  };
}

function collectVariable(
  text: string,
  before: Readonly<Record<string, string>> | undefined,
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('It takes NAME=VALUE.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** An object of fields, or one with `id`, `score` and `fields`. */
function parseDocument(text: string): DocumentValue {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new InvalidArgumentError('It takes a JSON object.');
  }
  const isWhole = Object.keys(value).every((name) => ['id', 'score', 'fields'].includes(name));
  // The host checks what is in it.
  return isWhole && 'fields' in value
    ? (value as DocumentValue)
    : { fields: value as DocumentValue['fields'] };
}

function parseJson(text: string): unknown {
  const json = text.startsWith('@') ? readText(text.slice(1)) : text;
  try {
    return JSON.parse(json);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`It takes JSON, or @FILE with JSON in it: ${reason}`);
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`The file cannot be read: ${reason}`);
  }
}

function wholeUpTo(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value <= max) return value;
    throw new InvalidArgumentError(`It takes a whole number from 0 to ${max}.`);
  };
}

import { createReadStream, createWriteStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { CoreError } from '../../protocol/errors.ts';
import type { CommandRecord } from '../../protocol/logictest/records.ts';
import { missingRequirement } from './requirements.ts';
import { EarlyEnd, NextTurn, type RunState, type TestWorld } from './run-state.ts';
import { readTestRows } from './test-values.ts';

/** What a command acts on. */
export interface CommandTarget {
  readonly world: TestWorld;
  readonly state: RunState;
}

/**
 * Does what a record of one line says.
 *
 * @param record its words have their variables put in
 * @throws EarlyEnd, NextTurn; CoreError PARAMS_INVALID for words that the command does not take, and those of the
 *   database
 */
export async function runCommand(record: CommandRecord, { world, state }: CommandTarget): Promise<void> {
  const { name, words, line } = record;
  const [first = '', second = ''] = words;
  switch (name) {
    case 'require':
      return require(record, world);
    case 'require-env':
      return requireEnvironment(record, world);
    case 'test-env':
      if (world.keywords.get(first) === undefined) world.keywords.set(first, second);
      return;
    case 'mode':
      return setMode(first, state);
    case 'set':
      return set(words, { world, state });
    case 'reset':
      state.labels.delete(second);
      return;
    case 'load':
      return load(words, world);
    case 'restart':
      if (!world.database.isLoaded) throw invalid('restart needs a database that load opened.');
      return world.database.restart();
    case 'reconnect':
      return world.database.reconnect();
    case 'sleep':
      return pause(words, world);
    case 'unzip':
      return unzip(words, world);
    case 'continue':
      throw new NextTurn();
    case 'halt':
      throw new EarlyEnd();
    case 'tags':
    case 'hash-threshold':
      // Tags say which files to run, and rows that are written out are always compared.
      return;
    default:
      throw new Error(`no command ${name satisfies never} in line ${line}`);
  }
}

function load([file = '', access, storageVersion]: readonly string[], world: TestWorld): Promise<void> {
  if (file === '' || file === ':memory:') return world.database.load(undefined);
  const readOnly = access === 'readonly';
  return world.database.load({
    path: resolve(file, world),
    readOnly,
    ...(storageVersion !== undefined && { storageVersion }),
  });
}

async function require({ words, line }: CommandRecord, { database }: TestWorld): Promise<void> {
  await database.loadLeftOut(words[0]?.toLowerCase() ?? '');
  const extensions = await database.extensions(async (statement) => (await readTestRows(statement)).values);
  const reason = missingRequirement(words, extensions);
  if (reason !== undefined) throw new EarlyEnd({ line, reason });
}

function requireEnvironment({ words, line }: CommandRecord, { keywords }: TestWorld): void {
  const [name = '', wanted] = words;
  const value = keywords.get(name);
  if (value !== undefined && (wanted === undefined || value === wanted)) return;
  const reason = `It needs ${name}${wanted === undefined ? '' : ` to be ${wanted}`}; give it with --env ${name}=${wanted ?? '…'}.`;
  throw new EarlyEnd({ line, reason });
}

function setMode(mode: string, state: RunState): void {
  if (mode === 'skip') state.skipLevel++;
  else if (mode === 'unskip') state.skipLevel = Math.max(0, state.skipLevel - 1);
  else if (!/^(output_hash|output_result|no_output|debug)$/.test(mode)) {
    throw invalid(`There is no mode ${JSON.stringify(mode)}; there are skip and unskip.`);
  }
}

/** `set ignore_error_messages a, b c`: the texts stand between commas; `set seed 0.5` seeds `random()`. */
async function set([name, ...words]: readonly string[], { world, state }: CommandTarget): Promise<void> {
  if (name === 'always_fail_error_messages') return;
  if (name === 'seed' && words.length === 1 && /^-?[\d.]+$/.test(words[0] ?? '')) {
    await world.database.run(`select setseed(${words[0]})`);
    return;
  }
  if (name !== 'ignore_error_messages') {
    throw invalid(
      `set takes seed or ignore_error_messages here, not ${JSON.stringify(name)}; SQL stands below statement ok.`,
    );
  }
  const texts = words.join(' ').split(',');
  state.ignoredErrors = texts.map((text) => text.trim()).filter((text) => text !== '');
}

const MILLISECONDS: Readonly<Record<string, number>> = { '': 1000, milli: 1, micro: 0.001, nano: 0.000_001 };

async function pause([amount = '', unit = '']: readonly string[], { signal }: TestWorld): Promise<void> {
  const [, prefix] = /^(milli|micro|nano|)(?:sec(?:onds?)?)?$/.exec(unit) ?? [];
  const factor = unit === '' ? undefined : MILLISECONDS[prefix ?? unit];
  if (!/^\d+$/.test(amount) || factor === undefined)
    throw invalid('sleep takes a time, such as sleep 1 second.');
  await sleep(Math.ceil(Number(amount) * factor), undefined, { signal }).catch(() => {
    throw new CoreError('CANCELLED', 'The run was cancelled.');
  });
}

async function unzip([from = '', to = '']: readonly string[], world: TestWorld): Promise<void> {
  const source = world.admit(resolve(from, world));
  const name = path.basename(source).replace(/\.gz$/, '');
  const target = to === '' || to === 'NULL' ? path.join(world.testFolder, name) : resolve(to, world);
  if (path.relative(world.testFolder, target).startsWith('..')) {
    throw invalid(`unzip writes into __TEST_DIR__, and ${target} is not in there.`);
  }
  try {
    await pipeline(createReadStream(source), createGunzip(), createWriteStream(target));
  } catch (error) {
    throw new CoreError('FILE_IO', `${source} cannot be unzipped: ${String(error)}.`, { path: source });
  }
}

function resolve(file: string, { folder }: TestWorld): string {
  return path.resolve(folder, file);
}

function invalid(message: string): CoreError {
  return new CoreError('PARAMS_INVALID', message);
}

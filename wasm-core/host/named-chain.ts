import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { CHAIN_ENDING, type ChainDefinition, parseChainFile } from '../protocol/chain-file.ts';
import type { ChainFileInfo, ChainListResult } from '../protocol/chains.ts';
import { CoreError } from '../protocol/errors.ts';
import { nearNames } from '../protocol/near-names.ts';
import { WORKSPACE_FILE, type WorkspaceSettings } from '../protocol/workspace-file.ts';

/** A chain, and where it comes from. */
export interface FoundChain extends ChainDefinition {
  /** Absolute folder where relative paths of its SQL steps start. */
  readonly folder: string;
}

/** A file that is larger is no chain that somebody wrote. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/**
 * The chain that a `quern.json` names.
 *
 * @param options.folder absolute, of the `quern.json`
 * @throws CoreError PARAMS_INVALID when it names none; FORMAT_CHAIN, FILE_NOT_FOUND, FILE_IO for the chain's file
 */
export function findNamedChain(
  { chains }: WorkspaceSettings,
  { name, folder }: { readonly name: string; readonly folder: string },
): FoundChain {
  const found = chains.get(name);
  if (found === undefined) {
    const [near] = nearNames(name, chains.keys());
    const known = chains.size === 0 ? 'It has none.' : `There are ${[...chains.keys()].join(', ')}.`;
    const advice = near === undefined ? known : `Did you mean ${near}?`;
    throw new CoreError('PARAMS_INVALID', `${namesIn(folder)} names no chain ${name}. ${advice}`);
  }
  if (typeof found !== 'string') return { ...found, folder };
  const file = path.join(folder, found);
  return { ...readChainFile(file), folder: path.dirname(file) };
}

/**
 * Reads a chain file.
 *
 * @throws CoreError FORMAT_CHAIN, FILE_NOT_FOUND, FILE_IO
 */
export function readChainFile(file: string): ChainDefinition {
  const source = path.basename(file);
  return parseChainFile(readText(file, source), { source });
}

/**
 * The chains of a folder: those that its `quern.json` names, in its order, then the files that it does not name.
 *
 * @param settings what the file says; an error where it is broken, which is told in place of its chains
 * @param files the chain files of the folder
 */
export function listChains(
  settings: WorkspaceSettings | CoreError,
  { folder, files }: { readonly folder: string; readonly files: ChainListResult },
): ChainListResult {
  const workspaceFile = path.join(folder, WORKSPACE_FILE);
  if (settings instanceof CoreError) {
    const { kind, message } = settings;
    const broken = { path: workspaceFile, name: WORKSPACE_FILE, error: { kind, message } };
    return { ...files, chains: [broken, ...files.chains] };
  }
  const named = [...settings.chains].map(([chain, value]): ChainFileInfo => {
    if (typeof value === 'string') return { ...describeChain(path.join(folder, value)), chain };
    return { path: workspaceFile, chain, ...describe(value, chain) };
  });
  const paths = new Set(named.map((one) => one.path));
  return { ...files, chains: [...named, ...files.chains.filter((one) => !paths.has(one.path))] };
}

/** What a chain file is, or what is wrong with it. */
export function describeChain(file: string): ChainFileInfo {
  const source = path.basename(file);
  const name = source.endsWith(CHAIN_ENDING) ? source.slice(0, -CHAIN_ENDING.length) : source;
  try {
    return { path: file, ...describe(readChainFile(file), name) };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { path: file, name, error: { kind: error.kind, message: error.message } };
  }
}

function describe(chain: ChainDefinition, name: string): Omit<ChainFileInfo, 'path' | 'error'> {
  const doc = chain.doc === undefined ? {} : { doc: chain.doc };
  return { name: chain.name ?? name, ...doc, stepCount: chain.steps.length };
}

function namesIn(folder: string): string {
  return path.isAbsolute(folder) ? path.join(folder, WORKSPACE_FILE) : `The namespace ${folder}`;
}

/** Reads it at once: a chain whose steps are short is answered without a turn of the event loop. */
function readText(file: string, source: string): string {
  try {
    if (statSync(file).size > MAX_FILE_BYTES) {
      throw new CoreError('FORMAT_CHAIN', `${source} is larger than ${MAX_FILE_BYTES} bytes.`);
    }
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof CoreError) throw error;
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (isGone) throw new CoreError('FILE_NOT_FOUND', `There is no chain file ${file}.`, { path: file });
    const reason = error instanceof Error ? error.message : String(error);
    throw new CoreError('FILE_IO', `${file} cannot be read: ${reason}`, { path: file });
  }
}

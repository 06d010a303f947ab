import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { CHAIN_ENDING } from '../protocol/chain-file.ts';
import type { ChainFileInfo, ChainListResult } from '../protocol/chains.ts';
import { CoreError } from '../protocol/errors.ts';
import { describeChain } from './named-chain.ts';

/** How deep folders are looked into, how many files are listed, and how many entries are looked at. */
const MAX_DEPTH = 8;
const MAX_FILES = 1000;
const MAX_ENTRIES = 100_000;

/**
 * The chain files of a folder and of the folders in it, by path. `node_modules`, folders with a dot and symbolic links
 * are passed over.
 *
 * @param folder absolute
 * @throws CoreError FILE_NOT_FOUND, FILE_IO when the folder cannot be read; CANCELLED
 */
export async function listChainFiles(folder: string, signal: AbortSignal): Promise<ChainListResult> {
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    const message = `There is no folder ${folder} to look for chains in.`;
    throw new CoreError('FILE_NOT_FOUND', message, { path: folder });
  }
  const search: Search = { files: [], entryCount: 0, truncated: false, signal };
  await searchFolder(folder, { depth: 0, search });
  const chains: ChainFileInfo[] = [];
  for (const file of search.files.sort()) {
    chains.push(describeChain(file));
    // Between two files the host answers others.
    await turn();
    if (signal.aborted) throw new CoreError('CANCELLED', 'The request was cancelled.');
  }
  return { chains, truncated: search.truncated };
}

interface Search {
  readonly files: string[];
  readonly signal: AbortSignal;
  entryCount: number;
  truncated: boolean;
}

async function searchFolder(
  folder: string,
  { depth, search }: { readonly depth: number; readonly search: Search },
): Promise<void> {
  const folders: string[] = [];
  const entries = await opendir(folder).catch(() => undefined);
  if (entries === undefined) return;
  for await (const entry of entries) {
    if (search.signal.aborted) throw new CoreError('CANCELLED', 'The request was cancelled.');
    if (++search.entryCount > MAX_ENTRIES || search.files.length >= MAX_FILES) {
      search.truncated = true;
      return;
    }
    const full = path.join(folder, entry.name);
    if (entry.isFile() && entry.name.endsWith(CHAIN_ENDING)) search.files.push(full);
    else if (entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name)) folders.push(full);
  }
  if (depth >= MAX_DEPTH) {
    if (folders.length > 0) search.truncated = true;
    return;
  }
  for (const each of folders.sort()) {
    if (search.truncated && search.files.length >= MAX_FILES) return;
    await searchFolder(each, { depth: depth + 1, search });
  }
}

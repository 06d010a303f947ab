import * as vscode from 'vscode';
import { CHAIN_ENDING, type ChainDefinition } from '../../wasm-core/protocol/chain-file.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { BytesValue } from '../../wasm-core/protocol/methods.ts';
import { calledText, chainParams, fileName, readChainDocument } from '../chains/chain-run.ts';
import type { BenchSubject } from './bench-subject.ts';

/** What a chain is measured on: what its first step was last given in its page, and nothing before that. */
export type ChainInputs = (chain: vscode.Uri) => Promise<BytesValue>;

/** What the benchmark of a chain file is called, here and on the command line. */
export function chainBenchName(uri: vscode.Uri, { name }: Pick<ChainDefinition, 'name'>): string {
  return name ?? fileName(uri).slice(0, -CHAIN_ENDING.length);
}

/**
 * The benchmark of a chain file: all of its steps, with what they keep.
 *
 * @throws CoreError FORMAT_CHAIN; FILE_IO for a document that is no file
 */
export async function chainSubject(uri: vscode.Uri, inputs: ChainInputs): Promise<BenchSubject> {
  const chain = await readChainDocument(uri);
  const params = { ...chainParams(uri, chain), input: await inputs(uri) };
  return {
    name: chainBenchName(uri, chain),
    file: uri,
    document: { uri },
    work: { type: 'chain', params, called: calledText(chain) },
    options: {},
    isCommitted: true,
    find: async () => new vscode.Location(uri, new vscode.Range(0, 0, 0, 0)),
    again: async () => {
      try {
        return await chainSubject(uri, inputs);
      } catch (error) {
        if (error instanceof CoreError) throw error;
        const message = vscode.l10n.t('The chain {0} is not there any more.', fileName(uri));
        throw new CoreError('REQUEST_INVALID', message);
      }
    },
  };
}

import * as vscode from 'vscode';
import type { ChainDefinition } from '../../wasm-core/protocol/chain-file.ts';
import type { BenchFile, BenchNode } from './bench-model.ts';
import { chainBenchName } from './chain-subjects.ts';

/** A file of benchmarks, as the view shows it. */
export function benchFile(uri: vscode.Uri, more: Pick<BenchFile, 'type' | 'names'>): BenchFile {
  const relative = vscode.workspace.asRelativePath(uri);
  const at = relative.lastIndexOf('/');
  return {
    uri: uri.toString(),
    label: relative.slice(at + 1),
    folder: relative.slice(0, Math.max(0, at)),
    ...more,
  };
}

/** A chain file in the view of benchmarks. */
export function chainNode(uri: vscode.Uri, chain: ChainDefinition): BenchNode & { readonly kind: 'file' } {
  return { kind: 'file', file: benchFile(uri, { type: 'chain', names: [chainBenchName(uri, chain)] }) };
}

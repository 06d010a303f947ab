import * as vscode from 'vscode';
import { type ChainDefinition, parseChainFile } from '../../wasm-core/protocol/chain-file.ts';
import type { ChainRunView, ChainStepView } from '../../wasm-core/protocol/chain-page.ts';
import type {
  ChainProgressParams,
  ChainStep,
  ChainTraceResult,
  TracedStep,
} from '../../wasm-core/protocol/chains.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { BytesValue } from '../../wasm-core/protocol/methods.ts';
import type { HostLink } from '../host/host-link.ts';
import { readSettings } from '../settings.ts';

/**
 * Reads a chain file as it is in the editor, saved or not.
 *
 * @throws CoreError FORMAT_CHAIN; FILE_IO for a document that is no file
 */
export async function readChainDocument(uri: vscode.Uri): Promise<ChainDefinition> {
  if (uri.scheme !== 'file') {
    throw new CoreError('FILE_IO', vscode.l10n.t('Chains run from files; save this one first.'));
  }
  const document = await vscode.workspace.openTextDocument(uri);
  return parseChainFile(document.getText(), { source: fileName(uri) });
}

/** The last part of a file's path. */
export function fileName({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The steps of a chain for the page. */
export function stepViews({ steps }: ChainDefinition): readonly ChainStepView[] {
  return steps.map((step, index) => {
    const number = index + 1;
    if (typeof step === 'string') return { number, name: step, kind: 'plugin', text: step };
    if ('sql' in step) return { number, name: step.name ?? 'sql', kind: 'sql', text: step.sql };
    return { number, name: step.name ?? step.plugin, kind: 'plugin', text: step.plugin };
  });
}

/** A SQL text that names all that a chain may call, for those who wait for its plugins. */
export function calledText({ steps }: ChainDefinition): string {
  const textOf = (step: ChainStep): string => {
    if (typeof step === 'string') return `select "${step}"()`;
    return 'sql' in step ? step.sql : `select "${step.plugin}"()`;
  };
  return steps.map(textOf).join(';\n');
}

/** What a run of a chain file is told. */
export interface ChainRunOptions {
  readonly uri: vscode.Uri;
  readonly chain: ChainDefinition;
  /** The first step that runs, from 1. */
  readonly from: number;
  readonly input: BytesValue;
  readonly traceFolder: string;
  readonly signal: AbortSignal;
  /** Is told of each step that has ended. */
  readonly onStep: (progress: ChainProgressParams) => void;
}

/** What requests about a chain file say of it, its input left out: its steps, and what they may use. */
export function chainParams(uri: vscode.Uri, chain: ChainDefinition) {
  const sqlFolder = vscode.Uri.joinPath(uri, '..').fsPath;
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? sqlFolder;
  const others = (vscode.workspace.workspaceFolders ?? []).map((each) => each.uri.fsPath);
  return {
    steps: chain.steps,
    namespace: folder,
    includes: ['default'],
    folder,
    sqlFolder,
    allow: [...others.filter((other) => other !== folder), ...readSettings().allow],
    ...(chain.limits !== undefined && { limits: chain.limits }),
  };
}

/** Runs a chain file. @throws CoreError as `chain/trace` */
export async function runChainFile(link: HostLink, options: ChainRunOptions): Promise<ChainTraceResult> {
  const { uri, chain, from, input, traceFolder, signal, onStep } = options;
  const params = { ...chainParams(uri, chain), input, from, traceFolder };
  return await link.request('chain/trace', params, { signal, onStep });
}

/** A step that ran, without what the page does not need. */
export function runView({ input, output, error, ...step }: TracedStep): ChainRunView {
  return {
    ...step,
    input: { ...input },
    ...(output !== undefined && { output }),
    ...(error !== undefined && { error: { kind: error.data.kind, message: error.message } }),
  };
}

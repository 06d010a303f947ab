import * as vscode from 'vscode';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import type { ChainStatus, FromChainPage, ToChainPage } from '../../wasm-core/protocol/chain-page.ts';
import type { ChainProgressParams, TracedBytes } from '../../wasm-core/protocol/chains.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { BytesValue } from '../../wasm-core/protocol/methods.ts';
import type { HostLink } from '../host/host-link.ts';
import { TraceFiles } from '../node/trace-files.ts';
import { type PageRequest, WebviewPage } from '../results/webview-page.ts';
import { calledText, fileName, readChainDocument, runChainFile, runView, stepViews } from './chain-run.ts';
import { parseFromChainPage } from './page-messages.ts';

/** Of a chosen file the page gets as much, bytes. */
const HEAD_BYTES = 64 * 1024;

/** Of so many chains the input is kept for their benchmarks, those that ran last. */
const KEPT_INPUTS = 5;

interface ChainPanelParts {
  /** The extension's folder of built files. */
  readonly dist: vscode.Uri;
  readonly link: HostLink;
  /** Resolves when the plugins that a SQL text may call are as their sources are. */
  readonly settled: (sql: string) => Promise<void>;
}

/** The chain that is shown. */
interface Shown {
  readonly uri: vscode.Uri;
  readonly state: ToChainPage;
}

/** Runs chain files step by step, and shows what each step was given and gave. */
export class ChainPanel implements vscode.Disposable {
  readonly #parts: ChainPanelParts;
  readonly #page: WebviewPage<ToChainPage, FromChainPage>;
  readonly #files = new TraceFiles();
  /** By the step that gets it, from 1: bytes, or where they are. */
  readonly #inputs = new Map<number, BytesValue | { readonly file: string }>();
  /** What the first step of each chain was given last, by its address. */
  readonly #lastInputs = new Map<string, BytesValue>();
  #shown: Shown | undefined;
  #abort: AbortController | undefined;

  constructor(parts: ChainPanelParts) {
    this.#parts = parts;
    this.#page = new WebviewPage({
      dist: parts.dist,
      name: 'chain',
      title: vscode.l10n.t('Quern Chain'),
      parse: parseFromChainPage,
      onRequest: (asked) => this.#answer(asked),
    });
  }

  /** What the page shows; undefined before the first chain. */
  get state(): ToChainPage | undefined {
    return this.#shown?.state;
  }

  /** Shows a chain, which waits for its input. @throws CoreError FORMAT_CHAIN, FILE_IO */
  async open(uri: vscode.Uri): Promise<void> {
    const chain = await readChainDocument(uri);
    this.#abort?.abort();
    this.#abort = undefined;
    this.#inputs.clear();
    await this.#files.clear();
    this.#page.reveal();
    const base = { type: 'chain', file: uri.toString(), title: chain.name ?? fileName(uri) } as const;
    const state = {
      ...base,
      steps: stepViews(chain),
      status: { type: 'ready' },
      runs: [],
      chosen: [],
    } as const;
    this.#shown = { uri, state };
    this.#page.setState(state);
  }

  /**
   * Runs a step and those behind it, and shows what they give.
   *
   * @param from the first one, from 1
   * @param text its input; absent: what it had before, and nothing where there is none
   */
  async run(from: number, text?: string): Promise<void> {
    const uri = this.#shown?.uri;
    if (uri === undefined || this.#abort !== undefined) return;
    const abort = new AbortController();
    this.#abort = abort;
    if (text !== undefined) {
      this.#inputs.set(from, bytesValue(new TextEncoder().encode(text)));
      this.#forgetChosen(from);
    }
    try {
      await this.#trace(uri, from, abort.signal);
    } catch (error) {
      this.#change(uri, { status: failure(error) });
    } finally {
      if (this.#abort === abort) this.#abort = undefined;
    }
  }

  /** What the first step of a chain was last given here; nothing before that. */
  async inputOf(uri: vscode.Uri): Promise<BytesValue> {
    const isShown = this.#shown?.uri.toString() === uri.toString();
    if (isShown && this.#inputs.has(1)) return await this.#inputOf(1);
    return this.#lastInputs.get(uri.toString()) ?? { utf8: '' };
  }

  dispose(): void {
    this.#abort?.abort();
    this.#page.dispose();
    void this.#files.clear();
  }

  /** Shows what has changed, unless another chain is shown by now. */
  #change(uri: vscode.Uri, change: Partial<ToChainPage>): void {
    if (this.#shown?.uri !== uri) return;
    this.#shown = { uri, state: { ...this.#shown.state, ...change } };
    this.#page.setState(this.#shown.state);
  }

  #forgetChosen(step: number): void {
    if (this.#shown === undefined) return;
    const { uri, state } = this.#shown;
    this.#change(uri, { chosen: state.chosen.filter((each) => each.step !== step) });
  }

  async #trace(uri: vscode.Uri, from: number, signal: AbortSignal): Promise<void> {
    const { link, settled } = this.#parts;
    // As it is now: a step may have been mended since.
    const chain = await readChainDocument(uri);
    const before = (this.#shown?.state.runs ?? []).filter(({ number }) => number < from);
    this.#change(uri, {
      steps: stepViews(chain),
      status: { type: 'running', from, ended: [] },
      runs: before,
    });
    await settled(calledText(chain));
    if (signal.aborted) throw new CoreError('CANCELLED', 'The chain was cancelled.');
    const input = await this.#inputOf(from);
    if (from === 1) this.#keepInput(uri, input);
    const traceFolder = await this.#files.newFolder();
    const onStep = ({ number, result }: ChainProgressParams): void => {
      const { status } = this.#shown?.state ?? {};
      // The answer tells why a step failed, and that it was the last.
      if (signal.aborted || status?.type !== 'running' || result === undefined) return;
      this.#change(uri, { status: { ...status, ended: [...status.ended, { number, result }] } });
    };
    const running = runChainFile(link, { uri, chain, from, input, traceFolder, signal, onStep });
    const { steps, micros } = await running;
    if (this.#shown?.uri !== uri) return;
    for (const { number, input: given, output } of steps) {
      this.#inputs.set(number, kept(given));
      if (output !== undefined) this.#inputs.set(number + 1, kept(output));
    }
    this.#change(uri, { status: { type: 'done', micros }, runs: [...before, ...steps.map(runView)] });
  }

  #keepInput(uri: vscode.Uri, input: BytesValue): void {
    this.#lastInputs.delete(uri.toString());
    this.#lastInputs.set(uri.toString(), input);
    const [oldest] = this.#lastInputs.keys();
    if (this.#lastInputs.size > KEPT_INPUTS && oldest !== undefined) this.#lastInputs.delete(oldest);
  }

  async #inputOf(step: number): Promise<BytesValue> {
    const known = this.#inputs.get(step) ?? { utf8: '' };
    return 'file' in known ? bytesValue(await this.#files.read(known.file)) : known;
  }

  async #answer(asked: PageRequest<FromChainPage>): Promise<void> {
    switch (asked.type) {
      case 'run':
        return await this.run(asked.from, asked.text);
      case 'chooseInput':
        return await this.#chooseInput(asked.step);
      case 'cancel':
        return this.#abort?.abort();
      case 'reveal':
        if (this.#shown !== undefined)
          await vscode.window.showTextDocument(this.#shown.uri, { viewColumn: vscode.ViewColumn.One });
        return;
      case 'copy':
        return await vscode.env.clipboard.writeText(asked.text);
      default:
        assertNever(asked);
    }
  }

  async #chooseInput(step: number): Promise<void> {
    const [file] = (await vscode.window.showOpenDialog({ title: vscode.l10n.t('Input of the Step') })) ?? [];
    if (file === undefined) return;
    const uri = this.#shown?.uri;
    const bytes = await vscode.workspace.fs.readFile(file);
    if (uri === undefined || this.#shown?.uri !== uri) return;
    this.#inputs.set(step, { file: file.fsPath });
    const isCut = bytes.byteLength > HEAD_BYTES;
    const head = bytesValue(bytes.subarray(0, HEAD_BYTES), { isCut });
    const chosen = { step, name: fileName(file), input: { byteLength: bytes.byteLength, head } };
    const others = this.#shown.state.chosen.filter((each) => each.step !== step);
    this.#change(uri, { chosen: [...others, chosen] });
  }
}

/** What a later run of a step gets: all of it, wherever it is. */
function kept({ head, file }: TracedBytes): BytesValue | { readonly file: string } {
  return file === undefined ? head : { file };
}

/** @param isCut whether a last character may be there in part, which is left out */
function bytesValue(bytes: Uint8Array, { isCut = false } = {}): BytesValue {
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { utf8: decoder.decode(bytes, { stream: isCut }) };
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') };
  }
}

function failure(error: unknown): ChainStatus {
  if (error instanceof CoreError && error.kind === 'CANCELLED') return { type: 'cancelled' };
  return { type: 'failed', message: error instanceof Error ? error.message : String(error) };
}

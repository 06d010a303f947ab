import type { Uri } from 'vscode';
import type { BenchReport } from '../wasm-core/protocol/bench/report.ts';
import type { ToChainPage } from '../wasm-core/protocol/chain-page.ts';
import type { TestRunResult } from '../wasm-core/protocol/tests.ts';
import type { ToResultsPage } from '../wasm-core/protocol/webview.ts';
import type { BenchNode } from './bench/bench-model.ts';
import type { ShownData } from './data-editor/data-page.ts';
import type { DataNode } from './data-tree/data-node.ts';
import type { HostState } from './host/host-link.ts';
import type { RunOutcome } from './run/run-outcome.ts';

/** What `activate` returns: what a test, or another extension, may know of Quern in this window. It cannot act. */
export interface QuernApi {
  /** How the window's last run ended; undefined before the first. Results files belong to the host. */
  lastOutcome(): RunOutcome | undefined;
  /** What the files of the Test Explorer's last run gave so far. */
  lastTests(): readonly TestRunResult[];
  hostState(): HostState;
  /** What the window's last run of benchmarks gave; undefined before the first. */
  lastBenchmark(): BenchReport | undefined;
  /** What the view Benchmarks has below a node, at the top without one. */
  benchmarks(node?: BenchNode): Promise<readonly BenchNode[]>;
  /** What the view Data has below a node, at the top without one; and what the editor of a data file shows. */
  readonly data: {
    children(node?: DataNode): Promise<readonly DataNode[]>;
    shown(uri: Uri): ShownData | undefined;
  };
  /** What the page of chains shows; undefined before the first chain. */
  chain(): ToChainPage | undefined;
  /** What the results page is told when it is loaded, whether one is open or not. */
  results(): readonly ToResultsPage[];
  /** Resolves when the language server runs. */
  readonly ready: Promise<void>;
}

import type { BenchReportRow } from '../../wasm-core/protocol/bench/report.ts';
import {
  ratioText,
  VERDICT_SIGNS,
  type Verdict,
  verdictOf,
  verdictWords,
} from '../../wasm-core/protocol/bench/report.ts';
import { durationText } from '../../wasm-core/protocol/figures.ts';
import type { Localizer } from '../../wasm-core/protocol/localizer.ts';

/** What has benchmarks, in the order of the tree: SQL files first, since they are written to be measured. */
export const BENCH_FILE_TYPES = ['sql', 'plugin', 'chain', 'host'] as const;
export type BenchFileType = (typeof BENCH_FILE_TYPES)[number];

/** A file with benchmarks in it; the host is none, and stands among them. */
export interface BenchFile {
  /** Its address. */
  readonly uri: string;
  /** Its name, and the folder that it is in, from the workspace's. */
  readonly label: string;
  readonly folder: string;
  /** A SQL file, whose queries are benchmarks, a plugin's source, whose functions are, a chain, or the host. */
  readonly type: BenchFileType;
  readonly names: readonly string[];
}

/** Anything in the tree of benchmarks. */
export type BenchNode =
  | { readonly kind: 'file'; readonly file: BenchFile }
  | { readonly kind: 'benchmark'; readonly file: BenchFile; readonly name: string }
  | { readonly kind: 'note'; readonly text: string };

/** Where the tree's content comes from. */
export interface BenchSources {
  /** In any order; each may be asked for again. */
  files(): Promise<readonly BenchFile[]>;
}

/** The tree of benchmarks, without a window: what is below a node; of no node, what is at the top. */
export async function benchChildren(sources: BenchSources, node?: BenchNode): Promise<readonly BenchNode[]> {
  if (node?.kind === 'file') {
    const { file } = node;
    return file.names.map((name) => ({ kind: 'benchmark', file, name }));
  }
  if (node !== undefined) return [];
  try {
    const files = [...(await sources.files())].filter(({ names }) => names.length > 0);
    files.sort((a, b) => order(a).localeCompare(order(b)));
    return files.map((file) => ({ kind: 'file', file }));
  } catch (error) {
    return [{ kind: 'note', text: error instanceof Error ? error.message : String(error) }];
  }
}

function order({ type, folder, label }: BenchFile): string {
  return `${BENCH_FILE_TYPES.indexOf(type)} ${folder}/${label}`;
}

/** Tells nodes apart, also after the tree was read again. */
export function benchNodeId(node: BenchNode): string {
  switch (node.kind) {
    case 'file':
      return node.file.uri;
    case 'benchmark':
      return benchKey(node.file.uri, node.name);
    case 'note':
      return 'note';
  }
}

/** What the window knows a benchmark by. @param uri of its file */
export function benchKey(uri: string, name: string): string {
  return `${uri}#${name}`;
}

/** How a benchmark looks in the tree. */
export interface BenchLook {
  /** Its last figures, such as `4.2 ms, ▲ slower 1.18×`. */
  readonly description: string;
  readonly verdict: Verdict | 'unknown';
}

/** What is known of a benchmark, in few words. @param row undefined when it was not measured in this window */
export function benchLook(row: BenchReportRow | undefined, l10n?: Localizer): BenchLook {
  if (row === undefined) return { description: '', verdict: 'unknown' };
  const verdict = verdictOf(row);
  const { result, comparison } = row;
  if (result.outcome === 'failed') return { description: verdictWords('failed', l10n), verdict };
  const time = durationText(result.figures.median);
  if (verdict === 'new') return { description: time, verdict };
  const ratio = comparison?.type === 'compared' ? ratioOf(comparison, verdict) : '';
  return {
    description: `${time}, ${VERDICT_SIGNS[verdict]} ${verdictWords(verdict, l10n)}${ratio}`,
    verdict,
  };
}

function ratioOf(
  { time, fuel }: Extract<BenchReportRow['comparison'], { readonly type: 'compared' }>,
  verdict: Verdict,
): string {
  if (verdict === 'slower' || verdict === 'faster') return time ? ` ${ratioText(time.ratio)}` : '';
  if (verdict === 'more-fuel' || verdict === 'less-fuel') return fuel ? ` ${ratioText(fuel.ratio)}` : '';
  return '';
}

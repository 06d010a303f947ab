import * as vscode from 'vscode';
import {
  BASELINE_FILE,
  type Baselines,
  baselineText,
  benchmarkId,
  parseBaselines,
  withMeasured,
} from '../../wasm-core/protocol/bench/baseline-file.ts';
import type { BenchMeasured, BenchRunResult } from '../../wasm-core/protocol/bench.ts';
import type { BenchSubject } from './bench-subject.ts';

/** Where a subject's baseline is, or would be. */
export interface BaselinePlace {
  readonly file: vscode.Uri;
  /** In the file. */
  readonly id: string;
}

/** What is known of subjects from their files. */
export interface KnownBaselines {
  /** By ids of this window, which are those of `ids`. */
  readonly baselines: Baselines;
  /** Of each subject, in their order; undefined for one that no file can have. */
  readonly ids: readonly (string | undefined)[];
  /** The files, as people call them; empty when there is none. */
  readonly name: string;
}

/**
 * Reads what files of baselines have of subjects.
 *
 * @throws CoreError FORMAT_BENCH
 */
export async function readBaselines(subjects: readonly BenchSubject[]): Promise<KnownBaselines> {
  const places = await Promise.all(subjects.map(baselinePlace));
  const files = new Map<string, Baselines | undefined>();
  for (const place of places) {
    const key = place?.file.toString();
    if (place === undefined || key === undefined || files.has(key)) continue;
    files.set(key, await readFile(place.file));
  }
  const ids = places.map((place) => place && windowId(place));
  const all = places.flatMap((place) => {
    const baselines = place && files.get(place.file.toString());
    const found =
      baselines && Object.hasOwn(baselines.benchmarks, place.id) && baselines.benchmarks[place.id];
    return found ? [[windowId(place), found] as const] : [];
  });
  const names = [...files].flatMap(([uri, baselines]) =>
    baselines === undefined ? [] : [vscode.workspace.asRelativePath(vscode.Uri.parse(uri))],
  );
  return { baselines: { benchmarks: Object.fromEntries(all) }, ids, name: names.join(', ') };
}

/**
 * Writes what was measured into the subjects' files, beside what these have.
 *
 * @returns the files
 * @throws CoreError FORMAT_BENCH for a file that cannot be read, which is left alone
 */
export async function saveBaselines(
  subjects: readonly BenchSubject[],
  result: BenchRunResult,
): Promise<readonly vscode.Uri[]> {
  const places = await Promise.all(subjects.map(baselinePlace));
  const byFile = new Map<string, Record<string, BenchMeasured>>();
  places.forEach((place, index) => {
    const target = result.targets[index];
    if (place === undefined || target?.outcome !== 'measured') return;
    const key = place.file.toString();
    byFile.set(key, { ...byFile.get(key), [place.id]: target });
  });
  const files = [...byFile].map(([uri, measured]) => ({ file: vscode.Uri.parse(uri), measured }));
  for (const { file, measured } of files) {
    const before = (await readFile(file)) ?? { benchmarks: {} };
    const text = baselineText(withMeasured(before, measured, result));
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  }
  return files.map(({ file }) => file);
}

/** The file in the subject's folder or the nearest around it, up to the workspace folder; else a new one there. */
export async function baselinePlace(subject: BenchSubject): Promise<BaselinePlace | undefined> {
  const { file, name, isCommitted } = subject;
  if (!isCommitted || file.scheme !== 'file') return undefined;
  const root = vscode.workspace.getWorkspaceFolder(file)?.uri ?? vscode.Uri.joinPath(file, '..');
  for (let folder = vscode.Uri.joinPath(file, '..'); ; folder = vscode.Uri.joinPath(folder, '..')) {
    const found = vscode.Uri.joinPath(folder, BASELINE_FILE);
    const isTop = folder.path === root.path || folder.path === '/';
    if (isTop || (await isThere(found))) {
      return {
        file: found,
        id: benchmarkId(file.path.slice(folder.path.replace(/\/$/, '').length + 1), name),
      };
    }
  }
}

/** @returns undefined when there is no file */
async function readFile(file: vscode.Uri): Promise<Baselines | undefined> {
  if (!(await isThere(file))) return undefined;
  const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  return parseBaselines(text, { source: vscode.workspace.asRelativePath(file) });
}

async function isThere(file: vscode.Uri): Promise<boolean> {
  return await vscode.workspace.fs.stat(file).then(
    () => true,
    () => false,
  );
}

/** Names a baseline among those of all files. */
function windowId({ file, id }: BaselinePlace): string {
  return `${file.toString()} ${id}`;
}

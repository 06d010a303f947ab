import * as vscode from 'vscode';
import { type Baselines, parseBaselines } from '../../wasm-core/protocol/bench/baseline-file.ts';
import { type BaselineVersion, historyPoints } from '../../wasm-core/protocol/bench/history.ts';
import type { BenchHistory } from '../../wasm-core/protocol/bench-page.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { baselinePlace } from './baseline-files.ts';
import type { KeptRun } from './kept-runs.ts';

/** So many commits of a file are looked at, and so many targets are shown. */
const MAX_COMMITS = 40;
const MAX_TARGETS = 40;

/**
 * What a run's subjects took at the commits of their files of baselines, on this machine, and take now. The editor's own
 * git extension is asked, so that nothing is started and nothing leaves the machine; empty where it is not there, or
 * where nothing is committed.
 */
export async function benchHistory(run: KeptRun): Promise<readonly BenchHistory[]> {
  const { subjects, result } = run;
  const versions = new Map<string, Promise<readonly BaselineVersion[]>>();
  const histories: BenchHistory[] = [];
  for (const [index, subject] of subjects.slice(0, MAX_TARGETS).entries()) {
    const place = await baselinePlace(subject);
    if (place === undefined) continue;
    const key = place.file.toString();
    const asking = versions.get(key) ?? versionsOf(place.file);
    versions.set(key, asking);
    const before = historyPoints(await asking, { id: place.id, machine: result.machine });
    const target = result.targets[index];
    if (before.length === 0 || target?.outcome !== 'measured') continue;
    const { median, q1, q3 } = target.figures;
    const fuel = target.fuel && { fuel: target.fuel.least };
    const now = { revision: 'now', message: '', at: result.at, micros: median, q1, q3, ...fuel };
    histories.push({ name: subject.name, points: [...before, now] });
  }
  return histories;
}

/** The commits of a file that can be read, the oldest first. */
async function versionsOf(file: vscode.Uri): Promise<readonly BaselineVersion[]> {
  try {
    const repository = await repositoryOf(file);
    if (repository === undefined) return [];
    const commits = await repository.log({ maxEntries: MAX_COMMITS, path: file.fsPath });
    const versions: BaselineVersion[] = [];
    for (const { hash, message, authorDate, commitDate } of commits) {
      const baselines = await readVersion(repository, hash, file);
      const at = (commitDate ?? authorDate ?? new Date(0)).toISOString();
      const [line = ''] = message.split('\n');
      if (baselines !== undefined) versions.unshift({ hash, message: line, at, baselines });
    }
    return versions;
  } catch {
    // Whatever git has against it: the report is whole without its history.
    return [];
  }
}

async function readVersion(
  repository: GitRepository,
  hash: string,
  file: vscode.Uri,
): Promise<Baselines | undefined> {
  const text = await repository.show(hash, file.fsPath);
  try {
    return parseBaselines(text, { source: file.fsPath });
  } catch (error) {
    // A file of another version, or one that was broken for a while.
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}

/** What is used of a repository of the editor's git extension, as its `git.d.ts` has it. */
interface GitRepository {
  log(options: { readonly maxEntries: number; readonly path: string }): Promise<
    readonly {
      readonly hash: string;
      readonly message: string;
      readonly authorDate?: Date;
      readonly commitDate?: Date;
    }[]
  >;
  show(ref: string, path: string): Promise<string>;
}

interface GitExports {
  getAPI(version: 1): { getRepository(uri: vscode.Uri): GitRepository | null };
}

async function repositoryOf(file: vscode.Uri): Promise<GitRepository | undefined> {
  const extension = vscode.extensions.getExtension<GitExports>('vscode.git');
  if (extension === undefined) return undefined;
  const exports = extension.isActive ? extension.exports : await extension.activate();
  return exports.getAPI(1).getRepository(file) ?? undefined;
}

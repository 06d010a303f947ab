import * as vscode from 'vscode';
import type { BenchRunResult } from '../../wasm-core/protocol/bench.ts';
import type { BenchHistory, BenchScaling } from '../../wasm-core/protocol/bench-page.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { CancelOffer } from '../cancel-offer.ts';
import type { RunRecorder } from '../run/run-recorder.ts';
import { readBaselines, saveBaselines } from './baseline-files.ts';
import type { BenchPanel } from './bench-panel.ts';
import type { BenchRequests, BenchSending } from './bench-requests.ts';
import type { BenchSubject } from './bench-subject.ts';
import { type KeptRun, KeptRuns, referencesOf, reportAgainst, runAsBaselines } from './kept-runs.ts';
import { scalingOf, scalingSubjects } from './scaling.ts';

export interface BenchesParts {
  readonly requests: BenchRequests;
  readonly recorder: RunRecorder;
  /** Resolves when the plugins are as their sources are. */
  readonly settled: (sql: string) => Promise<void>;
  readonly panel: BenchPanel;
  /** What subjects took at the commits of their files; empty where nobody can tell. */
  readonly history: (run: KeptRun) => Promise<readonly BenchHistory[]>;
  readonly log: vscode.LogOutputChannel;
}

/** What is to be measured. */
export interface BenchAsk {
  readonly title: string;
  readonly subjects: readonly BenchSubject[];
  /** By a subject's index, the index of the one that it stands beside; absent: as their groups say. */
  readonly references?: ReadonlyMap<number, number>;
}

/** Measures, one run of the window at a time, and shows what came of it. */
export class Benches implements vscode.Disposable {
  readonly kept = new KeptRuns();
  readonly #parts: BenchesParts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #offer = new CancelOffer();
  #abort: AbortController | undefined;
  /** What the page shows; undefined while something else is there. */
  #shown: KeptRun | undefined;

  /** Fires when something else is known of subjects. */
  readonly onDidChange = this.#changed.event;

  constructor(parts: BenchesParts) {
    this.#parts = parts;
  }

  /**
   * Measures subjects and shows the page.
   *
   * @returns undefined when another run was under way, or when this one was cancelled or failed
   */
  async run(ask: BenchAsk): Promise<KeptRun | undefined> {
    const { title, subjects, references = referencesOf(subjects) } = ask;
    if (subjects.length === 0) {
      throw new CoreError('REQUEST_INVALID', vscode.l10n.t('There is nothing to measure here.'));
    }
    const run = await this.#measured(ask, async (sending): Promise<KeptRun> => {
      const result = await this.#recorded(subjects, sending);
      const run = { title, subjects, references, result, scaling: [] };
      return { ...run, report: reportAgainst(run, await this.#known(subjects)) };
    });
    if (run === undefined) return undefined;
    this.kept.add(run);
    await this.show(run);
    return run;
  }

  /** Measures the last run's subjects at several sizes of their input. */
  async scale(run: KeptRun): Promise<void> {
    const { subjects, sizes } = scalingSubjects(run.subjects);
    if (subjects.length === 0) {
      const message = vscode.l10n.t(
        'Scaling is measured of functions of plugins, and of queries with a parameter for their size: $rows.',
      );
      throw new CoreError('REQUEST_INVALID', message);
    }
    const title = vscode.l10n.t('Scaling of {0}', run.title);
    const scaling = await this.#measured(
      { title, subjects },
      async (sending): Promise<readonly BenchScaling[]> => {
        const result = await this.#parts.requests.run(subjects, sending);
        return scalingOf(run.subjects, sizes, result);
      },
    );
    const scaled = scaling === undefined ? run : { ...run, scaling };
    if (scaled !== run) this.kept.replace(run, scaled);
    await this.show(scaled);
  }

  /** Compares a run with an earlier one; without one, with the files of baselines. */
  async compare(run: KeptRun, earlier?: { readonly run: KeptRun; readonly name: string }): Promise<void> {
    const known =
      earlier === undefined
        ? await this.#known(run.subjects)
        : runAsBaselines(earlier.run, run.subjects, earlier.name);
    const compared = { ...run, report: reportAgainst(run, known) };
    this.kept.replace(run, compared);
    await this.show(compared);
  }

  /**
   * Makes a run's figures what later ones are compared with.
   *
   * @returns the files that are written
   * @throws CoreError REQUEST_INVALID when none of its subjects can have a baseline; FORMAT_BENCH
   */
  async save(run: KeptRun): Promise<readonly vscode.Uri[]> {
    const files = await saveBaselines(run.subjects, run.result);
    if (files.length === 0) {
      const message = vscode.l10n.t(
        'Only queries of SQL files with a name of their own, functions of plugins, and chains can have a baseline.',
      );
      throw new CoreError('REQUEST_INVALID', message);
    }
    await this.rebase();
    const names = files.map((file) => vscode.workspace.asRelativePath(file)).join(', ');
    this.#parts.panel.post({
      type: 'notice',
      message: vscode.l10n.t('{0} is written.', names),
      isError: false,
    });
    return files;
  }

  /** Compares everything that is remembered with the files of baselines as they are now. */
  async rebase(): Promise<void> {
    for (const run of [...this.kept.runs].reverse()) {
      const compared = { ...run, report: reportAgainst(run, await this.#known(run.subjects)) };
      this.kept.replace(run, compared);
      if (this.#shown === run) this.#shown = compared;
    }
    this.#changed.fire();
    if (this.#shown !== undefined && this.#abort === undefined) await this.#draw(this.#shown);
  }

  /** Shows a run in the page. */
  async show(run: KeptRun): Promise<void> {
    this.#parts.panel.reveal();
    this.#shown = run;
    this.#changed.fire();
    await this.#draw(run);
  }

  /** Ends the run that is under way, if any. */
  cancel(): void {
    this.#abort?.abort();
  }

  /** Tells that something else is known of subjects, such as that their code has changed. */
  changed(): void {
    this.#changed.fire();
  }

  dispose(): void {
    this.cancel();
    this.#changed.dispose();
  }

  async #draw(run: KeptRun): Promise<void> {
    const { panel, history } = this.#parts;
    const canScale = run.subjects.some(({ sized }) => sized !== undefined);
    const canSave = run.subjects.some(({ isCommitted }) => isCommitted);
    const state = { type: 'report', report: run.report, scaling: run.scaling, canScale, canSave } as const;
    panel.show({ ...state, history: [] });
    const found = await history(run);
    if (found.length > 0 && this.#shown === run) panel.show({ ...state, history: found });
  }

  /** Files that cannot be read are no reason not to measure. */
  async #known(subjects: readonly BenchSubject[]) {
    try {
      return await readBaselines(subjects);
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      void vscode.window.showWarningMessage(error.message);
      return { baselines: { benchmarks: {} }, ids: subjects.map(() => undefined), name: '' };
    }
  }

  async #recorded(subjects: readonly BenchSubject[], sending: BenchSending): Promise<BenchRunResult> {
    const { recorder, requests } = this.#parts;
    const records = await Promise.all(subjects.map(({ recorded }) => recorded && recorder.begin(recorded)));
    const result = await requests.run(subjects, sending);
    for (const [index, record] of records.entries()) {
      const target = result.targets[index];
      if (target?.outcome === 'measured') await record?.({ type: 'benchmark', result: target });
      if (target?.outcome === 'failed') await record?.({ type: 'failed', message: target.message });
    }
    return result;
  }

  /** @returns undefined when another run was under way, or this one ended otherwise than well, which is shown */
  async #measured<T>(
    { title, subjects }: BenchAsk,
    measure: (sending: BenchSending) => Promise<T>,
  ): Promise<T | undefined> {
    if (this.#abort !== undefined) {
      const message = vscode.l10n.t('Quern still measures; {0} has to wait.', title);
      this.#offer.show(message, () => this.cancel());
      return undefined;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.#shown = undefined;
    const { panel, settled, log } = this.#parts;
    panel.reveal();
    panel.show({ type: 'running', title, targets: subjects.map(({ name }) => name) });
    const { signal } = abort;
    try {
      const texts = subjects.flatMap(({ work }) => calledTexts(work));
      await Promise.race([settled(texts.join(';\n')), aborted(signal)]);
      signal.throwIfAborted();
      const onBench: BenchSending['onBench'] = (progress) => panel.post({ type: 'samples', ...progress });
      return await measure({ signal, onBench });
    } catch (error) {
      if (signal.aborted) panel.show({ type: 'cancelled' });
      else if (!(error instanceof CoreError)) throw error;
      else if (error.kind === 'CANCELLED') panel.show({ type: 'cancelled' });
      else {
        log.warn(`${title}: ${error.kind}: ${error.message}`);
        panel.show({ type: 'failed', message: error.message });
      }
      return undefined;
    } finally {
      this.#abort = undefined;
      this.#offer.close();
    }
  }
}

/** SQL that names the functions that work may call. */
function calledTexts(work: BenchSubject['work']): readonly string[] {
  if (work.type === 'chain') return [work.called];
  return work.type === 'statement' ? [...work.setup.map(({ sql }) => sql), work.sql] : [];
}

/** Resolves when a run is cancelled. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

import { UniqueNames } from '../../wasm-core/protocol/bench/sql-benchmarks.ts';
import type {
  BenchOutcome,
  BenchProgressParams,
  BenchRunParams,
  BenchRunResult,
  BenchTarget,
} from '../../wasm-core/protocol/bench.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { HostLink } from '../host/host-link.ts';
import type { Sessions } from '../host/sessions.ts';
import { readSettings } from '../settings.ts';
import type { BenchSubject } from './bench-subject.ts';

/** The host takes no more targets in a request. */
const MAX_TARGETS = 200;

/** Longer names are cut, UTF-16 code units. */
const MAX_NAME = 180;

/** How a request goes. */
export interface BenchSending {
  readonly signal: AbortSignal;
  /** @param progress its targets are indexes of the subjects */
  readonly onBench: (progress: Omit<BenchProgressParams, 'id'>) => void;
}

/** Sends subjects to the host. */
export class BenchRequests {
  readonly #link: HostLink;
  readonly #sessions: Sessions;

  constructor(link: HostLink, sessions: Sessions) {
    this.#link = link;
    this.#sessions = sessions;
  }

  /**
   * Measures subjects, those that are measured alike in turns.
   *
   * @throws CoreError as `bench/run`, and as `sql/run` for what prepares
   */
  async run(subjects: readonly BenchSubject[], sending: BenchSending): Promise<BenchRunResult> {
    try {
      return await this.#run(subjects, sending);
    } catch (error) {
      // The host ended a session that lay idle: this is the one fault that asking again mends.
      if (!(error instanceof CoreError && error.kind === 'SESSION_UNKNOWN')) throw error;
      this.#sessions.reset();
      return await this.#run(subjects, sending);
    }
  }

  async #run(subjects: readonly BenchSubject[], { signal, onBench }: BenchSending): Promise<BenchRunResult> {
    await this.#prepare(subjects, signal);
    const names = new UniqueNames();
    const targets: BenchTarget[] = [];
    for (const subject of subjects) targets.push(await this.#target(subject, names.take(shortName(subject))));
    const parts = batches(subjects);
    const outcomes = new Map<number, BenchOutcome>();
    let whole: BenchRunResult | undefined;
    for (const [done, { indexes, params }] of parts.entries()) {
      const own = indexes.flatMap((index) => targets[index] ?? []);
      const result = await this.#link.request(
        'bench/run',
        { ...params, targets: own },
        {
          signal,
          onBench: ({ phase, percent, samples }) =>
            onBench({
              phase,
              percent: (done * 100 + percent) / parts.length,
              samples: samples.map((sample) => ({ ...sample, target: indexes[sample.target] ?? -1 })),
            }),
        },
      );
      result.targets.forEach((outcome, at) => {
        outcomes.set(indexes[at] ?? -1, outcome);
      });
      whole = { ...result, ...(whole && { at: whole.at, micros: whole.micros + result.micros }) };
    }
    if (whole === undefined) throw new CoreError('REQUEST_INVALID', 'There is nothing to measure.');
    // Names are the user's again, whatever made them different in the requests.
    const all = subjects.flatMap(({ name }, index) => {
      const outcome = outcomes.get(index);
      return outcome === undefined ? [] : [{ ...outcome, name }];
    });
    return { ...whole, targets: all };
  }

  /** Runs what stands above the benchmarks of each file, once. */
  async #prepare(subjects: readonly BenchSubject[], signal: AbortSignal): Promise<void> {
    const prepared = new Set<string>();
    for (const { work, document } of subjects) {
      if (work.type !== 'statement' || work.setup.length === 0 || prepared.has(document.uri.toString()))
        continue;
      prepared.add(document.uri.toString());
      const { session, folder } = await this.#sessions.open(document);
      for (const statement of work.setup) {
        const params = { ...statement, session, folder, record: false, cache: 'off' } as const;
        await this.#link.request('sql/run', params, { signal });
      }
    }
  }

  async #target({ work, document }: BenchSubject, name: string): Promise<BenchTarget> {
    if (work.type === 'call' || work.type === 'host') return { ...work, name };
    if (work.type === 'chain') return { type: 'chain', name, ...work.params };
    const { maxRows, limits: given } = readSettings();
    // A statement's output is limited by its rows.
    const { maxOutputBytes: _, ...limits } = given;
    const { session, folder } = await this.#sessions.open(document);
    const { sql, parameters } = work;
    return { type: 'statement', name, session, folder, sql, parameters, maxRows, limits };
  }
}

interface Batch {
  readonly indexes: readonly number[];
  readonly params: Omit<BenchRunParams, 'targets'>;
}

/** Subjects that one request measures: those that ask for as many runs and as much time. */
function batches(subjects: readonly BenchSubject[]): readonly Batch[] {
  const { benchmarkRuns, benchmarkTimeMs } = readSettings();
  const groups = new Map<string, { readonly indexes: number[]; readonly params: Batch['params'] }>();
  subjects.forEach(({ options }, index) => {
    const runs = options.runs ?? (options.timeMs === undefined ? benchmarkRuns : undefined);
    const timeMs = options.timeMs ?? benchmarkTimeMs;
    const params = { ...(runs !== undefined && { runs }), ...(timeMs !== undefined && { timeMs }) };
    const key = JSON.stringify(params);
    const group = groups.get(key) ?? newGroup(params);
    group.indexes.push(index);
    groups.set(key, group);
  });
  return [...groups.values()].flatMap(({ indexes, params }) =>
    Array.from({ length: Math.ceil(indexes.length / MAX_TARGETS) }, (_, at) => ({
      indexes: indexes.slice(at * MAX_TARGETS, (at + 1) * MAX_TARGETS),
      params,
    })),
  );
}

function newGroup(params: Batch['params']): { readonly indexes: number[]; readonly params: Batch['params'] } {
  return { indexes: [], params };
}

function shortName({ name }: BenchSubject): string {
  // Half of a surrogate pair is no character.
  return name.slice(0, MAX_NAME).replace(/[\ud800-\udbff]$/, '') || 'benchmark';
}

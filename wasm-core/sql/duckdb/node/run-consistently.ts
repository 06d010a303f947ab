import { rmSync } from 'node:fs';
import type { RawProfile } from '../../../binary/profile/profile-map.ts';
import { CoreError, type ErrorKind } from '../../../protocol/errors.ts';
import type { EngineContext } from '../context.ts';
import { runStatement, type StatementRun } from '../run-statement.ts';
import { type ChangedFile, FileReads } from './file-reads.ts';

type Run = Omit<StatementRun, 'reads'>;
type Result = Awaited<ReturnType<typeof runStatement>>;

/** Runs a statement once, and notes in `run.reads` what it reads. */
type Perform = (context: EngineContext, run: StatementRun) => Promise<Result>;

interface Consistency {
  /** Whether it may run twice. */
  readonly isRepeatable: boolean;
  /** Absent: `runStatement`. */
  readonly perform?: Perform;
  /** Takes back what a run left that is done with; absent: its results file is deleted. */
  readonly discard?: () => void;
}

/**
 * Runs one statement, and sees to it that its rows are of one state of each file. Where a file was changed in between, a
 * statement that only asks runs once more; where it is changed again, the statement fails, unless the file only became
 * longer, which is told.
 *
 * @throws CoreError FILE_CHANGED, and as `runStatement`
 */
export async function runConsistently(
  context: EngineContext,
  run: Run,
  { isRepeatable, perform = runStatement, discard }: Consistency,
): Promise<Result> {
  const drop = (done: Attempt): void => (discard === undefined ? deleteRows(done, run) : discard());
  const attempt = () => attemptRun(context, run, perform);
  const first = await attempt();
  if (first.changed.length === 0) return accept(first, run);
  if (!isRepeatable) return accept(first, run);
  drop(first);
  const second = await attempt();
  if (second.type === 'done' && second.changed.every(({ hasGrown }) => hasGrown)) return accept(second, run);
  drop(second);
  const changed = second.changed.length > 0 ? second.changed : first.changed;
  throw changedError(changed, second.type === 'failed' ? second.error : undefined);
}

type Attempt = { readonly changed: readonly ChangedFile[]; readonly profiles: readonly RawProfile[] } & (
  | { readonly type: 'done'; readonly result: Result }
  | { readonly type: 'failed'; readonly error: unknown }
);

async function attemptRun(context: EngineContext, run: Run, perform: Perform): Promise<Attempt> {
  const reads = new FileReads();
  let profiles: readonly RawProfile[] = [];
  const onProfiles = (found: readonly RawProfile[]): void => {
    profiles = found;
  };
  try {
    const result = await perform(context, { ...run, reads, onProfiles });
    return { type: 'done', result, profiles, changed: reads.changed() };
  } catch (error) {
    const changed = mayBeOfChange(error) ? reads.changed() : [];
    return { type: 'failed', error, profiles, changed };
  }
}

function accept(attempt: Attempt, run: Run): Result {
  if (attempt.type === 'failed') throw attempt.error;
  if (attempt.profiles.length > 0) run.onProfiles?.(attempt.profiles);
  const names = attempt.changed.map(({ written }) => written);
  return names.length === 0 ? attempt.result : { ...attempt.result, changedFiles: names };
}

function deleteRows(attempt: Attempt, { live }: Run): void {
  live?.giveUp();
  if (attempt.type === 'done' && attempt.result.file !== undefined) {
    rmSync(attempt.result.file.path, { force: true });
  }
}

/** What the engine may say of a file that changes under it. */
const KINDS_OF_CHANGE: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'SQL_RUN',
  'SQL_BIND',
  'FORMAT_DATA',
  'FILE_IO',
  'FILE_NOT_FOUND',
]);

function mayBeOfChange(error: unknown): boolean {
  return error instanceof CoreError && KINDS_OF_CHANGE.has(error.kind);
}

function changedError(changed: readonly ChangedFile[], error: unknown): CoreError {
  const names = changed.map(({ written }) => `'${written}'`);
  const [first = 'A file'] = names;
  const others = names.length > 1 ? ` and ${names.length - 1} more` : '';
  const said = error instanceof CoreError ? ` The engine said: ${error.message}` : '';
  return new CoreError(
    'FILE_CHANGED',
    `${first}${others} was changed while the statement read it, and again while it ran once more, so that its rows would be of no one state. Run it again when the file is written.${said}`,
    { ...(error instanceof CoreError && error.details), files: changed.map(({ written }) => written) },
  );
}

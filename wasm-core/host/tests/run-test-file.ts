import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CoreError } from '../../protocol/errors.ts';
import { parseLogicTest } from '../../protocol/logictest/parse.ts';
import type { LogicTest } from '../../protocol/logictest/records.ts';
import type { TestRunParams, TestRunResult, TestSkip } from '../../protocol/tests.ts';
import { FileGate } from '../../sql/duckdb/node/file-gate.ts';
import type { Call } from '../context.ts';
import type { Sessions } from '../sessions.ts';
import { createKeywords } from './keywords.ts';
import { RecordResults } from './record-results.ts';
import { requiredLate } from './requirements.ts';
import { EarlyEnd, type TestWorld } from './run-state.ts';
import { TestDatabase } from './test-database.ts';
import { TestRun } from './test-run.ts';

/**
 * Runs one file of tests in a session of its own.
 *
 * @returns what its records gave; a file that is not of the format fails without being run
 * @throws CoreError FILE_NOT_FOUND, FILE_IO, CANCELLED, DEADLINE_EXCEEDED, SQL_ENGINE_LOST
 */
export async function runTestFile(
  params: TestRunParams,
  { sessions, call }: { readonly sessions: Sessions; readonly call: Call },
): Promise<TestRunResult> {
  const started = performance.now();
  const text = params.text ?? (await readText(params.path));
  const test = parseLogicTest(text);
  const results = new RecordResults();
  for (const { message, ...range } of test.problems) results.add(range, { micros: 0, failure: { message } });
  const skipped =
    test.problems.length > 0 ? undefined : await runRecords({ params, text, test, results, sessions, call });
  const records = results.all();
  const isFailed = records.some(({ outcome }) => outcome === 'failed');
  return {
    path: params.path,
    outcome: isFailed ? 'failed' : skipped === undefined ? 'passed' : 'skipped',
    ...(skipped && { skipped }),
    records,
    micros: Math.round((performance.now() - started) * 1000),
  };
}

interface FileRun {
  readonly params: TestRunParams;
  readonly text: string;
  readonly test: LogicTest;
  readonly results: RecordResults;
  readonly sessions: Sessions;
  readonly call: Call;
}

async function runRecords(run: FileRun): Promise<TestSkip | undefined> {
  const { params, text, test, results, sessions, call } = run;
  const folder = params.folder ?? folderOf(params.path, text);
  const testFolder = await mkdtemp(path.join(await realpath(tmpdir()), 'quern-test-'));
  const allow = [...(params.allow ?? []), testFolder];
  const namespaces = [params.namespace ?? folder, ...(params.includes ?? [])];
  const id = await sessions.open({ folder, allow, namespaces, key: undefined, reusable: true }, call.client);
  const session = sessions.get(id, call.client);
  const stop = stopAfter(call.signal, params.timeoutMs);
  const gate = new FileGate([folder, ...allow]);
  const world: TestWorld = {
    database: new TestDatabase({ session, call, signal: stop.signal, testFolder }),
    keywords: createKeywords({
      file: params.path,
      folder,
      testFolder,
      environment: params.environment ?? {},
    }),
    results,
    signal: stop.signal,
    folder,
    testFolder,
    admit: (file) => gate.admit(file),
  };
  try {
    await world.database.leaveOut(requiredLate(test.records));
    const lastLine = params.lines === undefined ? Number.MAX_SAFE_INTEGER : Math.max(0, ...params.lines);
    await new TestRun(world).run(test.records, lastLine);
    return undefined;
  } catch (error) {
    if (error instanceof EarlyEnd) return error.skip;
    throw stop.reason(error);
  } finally {
    stop.dispose();
    await world.database.close();
    await sessions.close(session, call.client);
    await rm(testFolder, { recursive: true, force: true });
  }
}

/** The folder whose file a first line `# name: test/x.test` names; else the file's own. */
function folderOf(file: string, text: string): string {
  const [, name] = /^#\s*name:\s*(\S+)\s*$/m.exec(text.slice(0, 2000)) ?? [];
  const suffix = name === undefined ? '' : path.sep + path.normalize(name);
  return suffix !== '' && file.endsWith(suffix) ? file.slice(0, -suffix.length) : path.dirname(file);
}

/** A signal that aborts with another one, and when the time is over. */
function stopAfter(signal: AbortSignal, timeoutMs: number | undefined) {
  const controller = new AbortController();
  const cancel = (): void => controller.abort();
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  let isLate = false;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          isLate = true;
          cancel();
        }, timeoutMs);
  return {
    signal: controller.signal,
    reason: (error: unknown): unknown => {
      if (!isLate) return error;
      return new CoreError(
        'DEADLINE_EXCEEDED',
        `The file took longer than ${timeoutMs} ms. Give it more with --timeout-ms.`,
      );
    },
    dispose: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    },
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CoreError('FILE_NOT_FOUND', `There is no file ${file}.`, { path: file });
    throw new CoreError('FILE_IO', `${file} cannot be read (${code ?? String(error)}).`, { path: file });
  }
}

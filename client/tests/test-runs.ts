import * as vscode from 'vscode';
import type { TestRunParams, TestRunResult } from '../../wasm-core/protocol/tests.ts';
import type { HostLink } from '../host/host-link.ts';
import { documentFolder } from '../host/sessions.ts';
import { readSettings } from '../settings.ts';
import { checkTrust } from '../trust.ts';
import { lineOf, recordId } from './test-items.ts';
import { failureMessage } from './test-messages.ts';

/** What a run of tests needs of the window. */
export interface TestRunParts {
  readonly controller: vscode.TestController;
  readonly link: HostLink;
  /** Resolves when the plugins that a text may call are in the host. */
  readonly settled: (sql: string) => Promise<void>;
  /** Makes the items of a file's records. */
  readonly resolve: (file: vscode.TestItem) => Promise<void>;
  /** Is told of each file that was run. */
  readonly tell: (result: TestRunResult) => void;
}

/** Runs what was asked for, one file after another, each from its beginning: records depend on those above them. */
export async function runTests(
  request: vscode.TestRunRequest,
  token: vscode.CancellationToken,
  parts: TestRunParts,
): Promise<void> {
  if (!(await checkTrust())) return;
  const run = parts.controller.createTestRun(request);
  try {
    for (const [file, lines] of filesOf(request, parts.controller)) {
      if (token.isCancellationRequested) break;
      await parts.resolve(file);
      await runFile(file, { run, lines, token, parts });
    }
  } finally {
    run.end();
  }
}

interface FileRun {
  readonly run: vscode.TestRun;
  /** Lines of the records that were asked for; undefined: all. */
  readonly lines: readonly number[] | undefined;
  readonly token: vscode.CancellationToken;
  readonly parts: TestRunParts;
}

/** The files of a request, each with the records of it that were asked for. */
function filesOf(
  { include, exclude }: vscode.TestRunRequest,
  controller: vscode.TestController,
): Map<vscode.TestItem, number[] | undefined> {
  const files = new Map<vscode.TestItem, number[] | undefined>();
  const all = include ?? [...controller.items].map(([, item]) => item);
  for (const item of all) {
    const line = lineOf(item);
    const file = item.parent ?? item;
    if (exclude?.includes(item) || exclude?.includes(file)) continue;
    if (line === undefined) files.set(file, undefined);
    else if (!files.has(file)) files.set(file, [line]);
    else files.get(file)?.push(line);
  }
  return files;
}

async function runFile(file: vscode.TestItem, { run, lines, token, parts }: FileRun): Promise<void> {
  const { uri } = file;
  if (uri === undefined) return;
  run.started(file);
  const abort = new AbortController();
  const cancelling = token.onCancellationRequested(() => abort.abort());
  try {
    const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
    const text = document?.getText() ?? (await readText(uri));
    await parts.settled(text);
    const result = await parts.link.request('test/run', paramsOf(uri, { text, lines }), {
      signal: abort.signal,
    });
    parts.tell(result);
    report(file, { result, run, lines });
  } catch (error) {
    if (token.isCancellationRequested) run.skipped(file);
    else run.errored(file, new vscode.TestMessage(error instanceof Error ? error.message : String(error)));
  } finally {
    cancelling.dispose();
  }
}

function paramsOf(
  uri: vscode.Uri,
  { text, lines }: { readonly text: string; readonly lines: readonly number[] | undefined },
): TestRunParams {
  const { root } = documentFolder(uri);
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  return {
    path: uri.fsPath,
    text,
    allow: [...new Set([root, ...folders, ...readSettings().allow])],
    namespace: root,
    ...(lines && { lines }),
  };
}

function report(
  file: vscode.TestItem,
  {
    result,
    run,
    lines,
  }: { readonly result: TestRunResult; readonly run: vscode.TestRun; readonly lines: FileRun['lines'] },
): void {
  const { uri } = file;
  if (uri === undefined) return;
  const left = new Set([...file.children].map(([, item]) => item));
  for (const record of result.records) {
    const item = file.children.get(recordId(uri, record.line)) ?? file;
    const message = failureMessage(uri, record);
    left.delete(item);
    if (message !== undefined) run.failed(item, message, record.micros / 1000);
    else run.passed(item, record.micros / 1000);
  }
  if (result.skipped !== undefined) {
    run.appendOutput(`${uri.fsPath}:${result.skipped.line}: ${result.skipped.reason}\r\n`);
  }
  if (lines !== undefined) return;
  for (const item of left) run.skipped(item);
  if (result.outcome === 'skipped') run.skipped(file);
}

async function readText(uri: vscode.Uri): Promise<string> {
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

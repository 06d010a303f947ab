import * as vscode from 'vscode';
import { parseLogicTest } from '../../wasm-core/protocol/logictest/parse.ts';
import type { TestRunResult } from '../../wasm-core/protocol/tests.ts';
import { recordItems } from './test-items.ts';
import { runTests, type TestRunParts } from './test-runs.ts';

/** The files that the Test Explorer lists. */
const PATTERN = '**/*.test.sql';

/** The language of files of tests. */
const LANGUAGE = 'sqllogictest';

/** Lists files of tests and their records, runs them, and shows what is not of the format. */
export class TestExplorer implements vscode.Disposable {
  readonly #controller: vscode.TestController;
  readonly #problems = vscode.languages.createDiagnosticCollection('quern-tests');
  readonly #parts: Omit<TestRunParts, 'tell'>;
  readonly #listeners: vscode.Disposable;
  #lastResults: TestRunResult[] = [];

  constructor(options: Pick<TestRunParts, 'link' | 'settled'>) {
    this.#controller = vscode.tests.createTestController('quern', vscode.l10n.t('Quern: SQL Tests'));
    this.#parts = { ...options, controller: this.#controller, resolve: (file) => this.#resolve(file) };
    this.#controller.resolveHandler = (item) => (item === undefined ? this.#discover() : this.#resolve(item));
    this.#controller.refreshHandler = () => this.#discover();
    const kind = vscode.TestRunProfileKind.Run;
    this.#controller.createRunProfile(
      vscode.l10n.t('Test'),
      kind,
      (request, token) => this.#run(request, token),
      true,
    );
    this.#listeners = vscode.Disposable.from(
      this.#watch(),
      vscode.workspace.onDidOpenTextDocument((document) => this.#look(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#look(document)),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#problems.delete(uri)),
    );
    for (const document of vscode.workspace.textDocuments) this.#look(document);
  }

  /** What the files of the last run gave so far. */
  get lastResults(): readonly TestRunResult[] {
    return this.#lastResults;
  }

  dispose(): void {
    this.#listeners.dispose();
    this.#problems.dispose();
    this.#controller.dispose();
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const results: TestRunResult[] = [];
    this.#lastResults = results;
    await runTests(request, token, { ...this.#parts, tell: (result) => results.push(result) });
  }

  #watch(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher(PATTERN);
    watcher.onDidCreate((uri) => this.#file(uri));
    watcher.onDidChange((uri) => void this.#resolve(this.#file(uri)));
    watcher.onDidDelete((uri) => this.#controller.items.delete(uri.toString()));
    return watcher;
  }

  async #discover(): Promise<void> {
    for (const uri of await vscode.workspace.findFiles(PATTERN, '**/node_modules/**')) this.#file(uri);
  }

  #file(uri: vscode.Uri): vscode.TestItem {
    const known = this.#controller.items.get(uri.toString());
    if (known !== undefined) return known;
    const item = this.#controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
    item.canResolveChildren = true;
    this.#controller.items.add(item);
    return item;
  }

  async #resolve(file: vscode.TestItem): Promise<void> {
    if (file.uri === undefined || file.parent !== undefined) return;
    const { uri } = file;
    const open = vscode.workspace.textDocuments.find(
      (document) => document.uri.toString() === uri.toString(),
    );
    try {
      const bytes = open === undefined ? await vscode.workspace.fs.readFile(uri) : undefined;
      const text = open?.getText() ?? new TextDecoder().decode(bytes);
      file.children.replace(recordItems(this.#controller, file, text));
    } catch {
      this.#controller.items.delete(file.id);
    }
  }

  #look(document: vscode.TextDocument): void {
    if (document.languageId !== LANGUAGE) return;
    const { problems } = parseLogicTest(document.getText());
    const diagnostics = problems.map(({ message, line, endLine }) => {
      const range = new vscode.Range(line - 1, 0, endLine - 1, Number.MAX_SAFE_INTEGER);
      const diagnostic = new vscode.Diagnostic(document.validateRange(range), message);
      diagnostic.source = 'Quern';
      return diagnostic;
    });
    this.#problems.set(document.uri, diagnostics);
    if (document.uri.scheme === 'file' && document.uri.path.endsWith('.test.sql')) {
      void this.#resolve(this.#file(document.uri));
    }
  }
}

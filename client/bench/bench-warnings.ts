import * as vscode from 'vscode';
import { BENCH_REGRESSION } from '../../wasm-core/protocol/bench/regression.ts';
import { comparisonText, verdictOf } from '../../wasm-core/protocol/bench/report.ts';
import type { DiagnosticLevel } from '../../wasm-core/protocol/lsp.ts';
import { readSettings } from '../settings.ts';
import { type BenchSubject, subjectKey } from './bench-subject.ts';
import type { Benches } from './benches.ts';
import type { KeptRow } from './kept-runs.ts';

const SEVERITIES: Readonly<Record<DiagnosticLevel, vscode.DiagnosticSeverity | undefined>> = {
  off: undefined,
  hint: vscode.DiagnosticSeverity.Hint,
  information: vscode.DiagnosticSeverity.Information,
  warning: vscode.DiagnosticSeverity.Warning,
  error: vscode.DiagnosticSeverity.Error,
};

/** Benchmarks that do worse than what they are compared with, on the code that they are about, until that is edited. */
export class BenchWarnings implements vscode.Disposable {
  readonly #benches: Benches;
  readonly #collection = vscode.languages.createDiagnosticCollection('quern bench');
  readonly #parts: vscode.Disposable;
  #round = 0;

  constructor(benches: Benches) {
    this.#benches = benches;
    const gone = (uri: vscode.Uri) => this.#outdate(uri);
    this.#parts = vscode.Disposable.from(
      this.#collection,
      benches.onDidChange(() => void this.#show()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) gone(document.uri);
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach(gone)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('quern.diagnostics')) void this.#show();
      }),
    );
  }

  /** The subject that a warning is about; undefined for what is none of these. */
  subjectOf(diagnostic: vscode.Diagnostic, uri: vscode.Uri): BenchSubject | undefined {
    if (diagnostic.source !== SOURCE) return undefined;
    const known = [...this.#benches.kept.rows.values()].filter(({ subject }) => isSame(subject.file, uri));
    return known.find((row) => messageOf(row) === diagnostic.message)?.subject;
  }

  dispose(): void {
    this.#parts.dispose();
  }

  /** Whatever was measured of a text that is edited was of another text. */
  #outdate(uri: vscode.Uri): void {
    const isWarned = this.#collection.has(uri);
    if (!isWarned) return;
    this.#collection.delete(uri);
    this.#benches.kept.outdate(({ subject }) => isSame(subject.file, uri));
    this.#benches.changed();
  }

  async #show(): Promise<void> {
    const round = ++this.#round;
    const severity = SEVERITIES[readSettings().diagnostics[BENCH_REGRESSION.code] ?? BENCH_REGRESSION.level];
    const found = await Promise.all(
      [...this.#benches.kept.rows.values()].map((row) => warningOf(row, severity)),
    );
    // Another round began while files were read.
    if (round !== this.#round) return;
    this.#collection.clear();
    const byFile = new Map<string, { readonly uri: vscode.Uri; readonly all: vscode.Diagnostic[] }>();
    for (const warning of found) {
      if (warning === undefined) continue;
      const key = warning.uri.toString();
      const entry = byFile.get(key) ?? { uri: warning.uri, all: [] };
      entry.all.push(warning.diagnostic);
      byFile.set(key, entry);
    }
    for (const { uri, all } of byFile.values()) this.#collection.set(uri, all);
  }
}

const SOURCE = 'quern bench';

async function warningOf(
  row: KeptRow,
  severity: vscode.DiagnosticSeverity | undefined,
): Promise<{ readonly uri: vscode.Uri; readonly diagnostic: vscode.Diagnostic } | undefined> {
  const verdict = verdictOf(row.row);
  if (severity === undefined || (verdict !== 'slower' && verdict !== 'more-fuel')) return undefined;
  const place = await row.subject.find();
  if (place === undefined) return undefined;
  const diagnostic = new vscode.Diagnostic(place.range, messageOf(row), severity);
  diagnostic.source = SOURCE;
  diagnostic.code = BENCH_REGRESSION.code;
  return { uri: place.uri, diagnostic };
}

function messageOf({ row, against = '', subject }: KeptRow): string {
  const { comparison } = row;
  return comparison === undefined
    ? ''
    : `${subject.name}: ${comparisonText(comparison, against, vscode.l10n)}`;
}

function isSame(a: vscode.Uri, b: vscode.Uri): boolean {
  return a.toString() === b.toString();
}

/** Offers what to do about a warning. */
export class BenchActions implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #warnings: BenchWarnings;
  readonly #registration: vscode.Disposable;

  constructor(warnings: BenchWarnings) {
    this.#warnings = warnings;
    this.#registration = vscode.languages.registerCodeActionsProvider({ scheme: 'file' }, this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return diagnostics.flatMap((diagnostic) => {
      const subject = this.#warnings.subjectOf(diagnostic, document.uri);
      if (subject === undefined) return [];
      const key = subjectKey(subject);
      return [
        action(vscode.l10n.t('Quern: Run benchmark again'), 'quern.runBenchmark', { diagnostic, key }),
        action(vscode.l10n.t('Quern: Save as baseline'), 'quern.saveBaseline', { diagnostic, key }),
      ];
    });
  }

  dispose(): void {
    this.#registration.dispose();
  }
}

function action(
  title: string,
  command: string,
  { diagnostic, key }: { readonly diagnostic: vscode.Diagnostic; readonly key: string },
): vscode.CodeAction {
  const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  made.diagnostics = [diagnostic];
  made.command = { title, command, arguments: [{ key }] };
  return made;
}

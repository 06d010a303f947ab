import * as vscode from 'vscode';
import { type Coverage, type CoveredLine, coveredLines } from './coverage.ts';
import type { ShownProfile } from './shown-profile.ts';

/** Shows in plugin sources which lines ran, how often, and for how much fuel. */
export class CoverageDecorations implements vscode.Disposable {
  readonly #shown: ShownProfile;
  readonly #types: Readonly<Record<Coverage, vscode.TextEditorDecorationType>> = {
    covered: decorationType('testing.coveredGutterBackground'),
    partial: decorationType('editorWarning.foreground'),
    uncovered: decorationType('testing.uncoveredGutterBackground', 'testing.uncoveredBackground'),
  };
  readonly #listeners: readonly vscode.Disposable[];

  constructor(shown: ShownProfile) {
    this.#shown = shown;
    this.#listeners = [
      shown.onDidChange(() => this.#decorateAll()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#decorateAll()),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    for (const type of Object.values(this.#types)) type.dispose();
  }

  #decorateAll(): void {
    for (const editor of vscode.window.visibleTextEditors) this.#decorate(editor);
  }

  #decorate(editor: vscode.TextEditor): void {
    const { document } = editor;
    const lines = this.#shown.isVisible ? this.#shown.linesOf(document.uri) : undefined;
    const fuel = this.#shown.profile?.result.fuel ?? 0;
    const covered = coveredLines(lines ?? [], fuel).filter(({ line }) => line <= document.lineCount);
    for (const [coverage, type] of Object.entries(this.#types)) {
      const own = covered.filter((line) => line.coverage === coverage);
      editor.setDecorations(
        type,
        own.map((line) => decorationOf(document, line)),
      );
    }
  }
}

function decorationOf(
  document: vscode.TextDocument,
  { line, text, detail }: CoveredLine,
): vscode.DecorationOptions {
  const { range } = document.lineAt(line - 1);
  return {
    range,
    hoverMessage: new vscode.MarkdownString().appendText(detail),
    renderOptions: { after: { contentText: text } },
  };
}

function decorationType(edge: string, background?: string): vscode.TextEditorDecorationType {
  const color = new vscode.ThemeColor(edge);
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderStyle: 'solid',
    borderWidth: '0 0 0 3px',
    borderColor: color,
    ...(background !== undefined && { backgroundColor: new vscode.ThemeColor(background) }),
    overviewRulerColor: color,
    overviewRulerLane: vscode.OverviewRulerLane.Left,
    after: { color: new vscode.ThemeColor('editorCodeLens.foreground'), margin: '0 0 0 3em' },
  });
}

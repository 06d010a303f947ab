import { applyEdits, modify } from 'jsonc-parser/lib/esm/main.js';
import * as vscode from 'vscode';
import type { ChartDirective } from '../../wasm-core/protocol/chart-directive.ts';
import type { ChartEntry } from '../../wasm-core/protocol/workspace-charts.ts';
import {
  parseWorkspaceFile,
  readWorkspaceFile,
  WORKSPACE_FILE,
} from '../../wasm-core/protocol/workspace-file.ts';
import { documentFolder } from '../host/sessions.ts';

/** Charts of a `quern.json`, by the names of statements. */
export type NamedCharts = ReadonlyMap<string, ChartDirective>;

/** What the `quern.json` that applies to a document says of charts; nothing where there is none, or none that is read. */
export async function chartsFor(document: vscode.Uri): Promise<NamedCharts> {
  const text = await readText(workspaceFileOf(document));
  return text === undefined ? new Map() : readWorkspaceFile(text, { source: WORKSPACE_FILE }).settings.charts;
}

/**
 * Writes a chart into the `quern.json` that applies to a document, which is made where there is none.
 *
 * @param chart.name of the statement
 * @returns the file
 * @throws CoreError FORMAT_WORKSPACE for a file that is to be mended first
 */
export async function keepChart(
  document: vscode.Uri,
  chart: { readonly name: string; readonly entry: ChartEntry },
): Promise<vscode.Uri> {
  const file = workspaceFileOf(document);
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  const before = open?.getText() ?? (await readText(file)) ?? '{}\n';
  parseWorkspaceFile(before, { source: WORKSPACE_FILE });
  const formattingOptions = { insertSpaces: true, tabSize: 2, eol: before.includes('\r\n') ? '\r\n' : '\n' };
  const text = applyEdits(before, modify(before, ['charts', chart.name], chart.entry, { formattingOptions }));
  if (open === undefined) {
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
    return file;
  }
  // What is open may have changes of its own; so the chart can be undone, too.
  const edit = new vscode.WorkspaceEdit();
  const end = open.positionAt(before.length);
  edit.replace(file, new vscode.Range(new vscode.Position(0, 0), end), text);
  await vscode.workspace.applyEdit(edit);
  await open.save();
  return file;
}

function workspaceFileOf(document: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(vscode.Uri.file(documentFolder(document).root), WORKSPACE_FILE);
}

/** @returns undefined when there is no such file */
async function readText(file: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch (error) {
    if (error instanceof vscode.FileSystemError) return undefined;
    throw error;
  }
}

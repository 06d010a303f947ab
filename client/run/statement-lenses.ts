import * as vscode from 'vscode';
import {
  BENCHMARK_COMMAND,
  EXPLAIN_COMMAND,
  type LensKind,
  RUN_ABOVE_COMMAND,
  RUN_STATEMENT_COMMAND,
} from '../../wasm-core/protocol/lsp.ts';
import { findParameters, parameterText } from '../../wasm-core/protocol/parameters.ts';
import { readSettings } from '../settings.ts';
import type { ParameterValues } from './parameter-values.ts';
import { type Piece, piecesUpTo } from './pieces.ts';
import type { RunRecorder } from './run-recorder.ts';
import type { ShownRun } from './run-states.ts';
import { parseRunTarget } from './run-target.ts';
import { staleText } from './stale-text.ts';

/** Longest text that a lens shows of an error or of values, characters. */
const MAX_TEXT = 60;

const KINDS: Readonly<Record<string, LensKind>> = {
  [RUN_STATEMENT_COMMAND]: 'run',
  [RUN_ABOVE_COMMAND]: 'runAbove',
  [EXPLAIN_COMMAND]: 'explain',
  [BENCHMARK_COMMAND]: 'benchmark',
};

export interface StatementLensParts {
  readonly recorder: RunRecorder;
  readonly values: ParameterValues;
}

/**
 * What stands above statements: the server's lenses that are not switched off, then the values of a statement's
 * parameters, and what its last run gave.
 */
export function statementLenses(
  document: vscode.TextDocument,
  lenses: readonly vscode.CodeLens[],
  { recorder, values }: StatementLensParts,
): vscode.CodeLens[] {
  const wanted = readSettings().lenses;
  const text = document.getText();
  const places = statementsOf(document, lenses, text);
  const pieces = places.map(({ piece }) => piece);
  const runs = wanted.has('result') ? recorder.of(document, text, pieces) : new Map<number, ShownRun>();
  const kept = lenses.filter(({ command }) => wanted.has(KINDS[command?.command ?? ''] ?? 'run'));
  const more = places.flatMap(({ lens, piece }, index) => {
    const sql = text.slice(piece.start, piece.end);
    const shown = wanted.has('parameters') ? parametersLens(lens, sql, values) : undefined;
    const run = runs.get(index);
    return [...(shown ?? []), ...(run === undefined ? [] : [runLens(lens.range, run)])];
  });
  return [...kept, ...more];
}

/** The statements that lenses were made for, while they are of the text as it is now. */
function statementsOf(
  document: vscode.TextDocument,
  lenses: readonly vscode.CodeLens[],
  text: string,
): { readonly lens: vscode.CodeLens; readonly piece: Piece }[] {
  const isSql = document.languageId === 'sql';
  const whole = new Map(isSql ? piecesUpTo(text).map((piece) => [piece.start, piece]) : []);
  return lenses.flatMap((lens) => {
    if (lens.command?.command !== RUN_STATEMENT_COMMAND) return [];
    const target = parseRunTarget(lens.command.arguments?.[0]);
    if (target === undefined || target.version !== document.version) return [];
    const { start, end, from = start } = target;
    return [{ lens, piece: whole.get(start) ?? { from, start, end } }];
  });
}

function parametersLens(
  { range, command }: vscode.CodeLens,
  sql: string,
  values: ParameterValues,
): vscode.CodeLens[] {
  const names = [...new Set(findParameters(sql).map(({ name }) => name))];
  if (names.length === 0) return [];
  const known = values.known(names);
  const shown = names.map((name) => {
    const value = known[name];
    return value === undefined ? `$${name}` : `$${name} = ${parameterText(value)}`;
  });
  const title = `$(symbol-parameter) ${shortened(shown.join(', '))}`;
  const tooltip = vscode.l10n.t('Change the values of the parameters');
  const edit = { title, tooltip, command: 'quern.editParameters', arguments: command?.arguments ?? [] };
  return [new vscode.CodeLens(range, edit)];
}

function runLens(range: vscode.Range, { type, summary, stale }: ShownRun): vscode.CodeLens {
  const text = type === 'failed' ? vscode.l10n.t('failed: {0}', shortened(summary)) : summary;
  const icon = stale.length > 0 ? 'history' : type === 'failed' ? 'error' : 'check';
  const shown = stale.length > 0 ? vscode.l10n.t('stale: {0} ({1})', staleText(stale), text) : text;
  const title = `$(${icon}) ${shown}`;
  const changes = stale.map((change) => change.text).join(', ');
  const changed = stale.length > 0 ? `\n${vscode.l10n.t('Changed since: {0}.', changes)}` : '';
  // A lens without a command to run is text.
  return new vscode.CodeLens(range, { title, tooltip: `${summary}${changed}`, command: '' });
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT - 1)}…`;
}

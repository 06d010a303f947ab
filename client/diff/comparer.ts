import * as vscode from 'vscode';
import type { DiffSide } from '../../wasm-core/protocol/diff.ts';
import { diffNotes, diffOutcome } from '../../wasm-core/protocol/diff-text.ts';
import type { HostLink } from '../host/host-link.ts';
import type { Sessions } from '../host/sessions.ts';
import type { ResultsPanel } from '../results/results-panel.ts';
import { mayKeepRows } from '../results/run-memory.ts';
import { readSettings } from '../settings.ts';

/** Two sides to compare, and where. */
export interface Comparison {
  /** Whose session compares them. */
  readonly uri: vscode.Uri;
  readonly before: NamedSide;
  readonly after: NamedSide;
}

export interface NamedSide {
  readonly name: string;
  readonly side: DiffSide;
  /** Names of its columns; absent: the host is asked. */
  readonly columns?: readonly string[];
}

/** Has the host compare two sides, and shows what differs. */
export class Comparer {
  readonly #parts: { readonly link: HostLink; readonly sessions: Sessions; readonly results: ResultsPanel };

  constructor(parts: {
    readonly link: HostLink;
    readonly sessions: Sessions;
    readonly results: ResultsPanel;
  }) {
    this.#parts = parts;
  }

  /**
   * Asks for the key and compares; nothing happens when the user declines.
   *
   * @throws CoreError as `sql/diff`
   */
  async compare(comparison: Comparison): Promise<void> {
    const { before, after } = comparison;
    const { session, folder } = await this.#parts.sessions.open(comparison);
    const shared = await this.#sharedColumns(comparison, { session, folder });
    const key = await askKey(shared);
    if (key === undefined) return;
    const title = `${before.name} → ${after.name}`;
    const { maxOutputBytes: _, ...limits } = readSettings().limits;
    // A later window shows it again.
    const cache = mayKeepRows() ? 'refresh' : 'off';
    const sides = { before: before.side, after: after.side };
    const params = { session, folder, ...sides, key, limits, cache } as const;
    const work = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Comparing {0}', title),
      cancellable: true,
    };
    const diff = await vscode.window.withProgress(work, (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => abort.abort());
      return this.#parts.link.request('sql/diff', params, { signal: abort.signal });
    });
    const names = [before.name, after.name] as const;
    const text = [`${title}: ${diffOutcome(diff)}`, ...diffNotes(diff, { key, names })].join('; ');
    const { statement, sql } = diff;
    await this.#parts.results.showComparison({ statement, sql, title: text, document: comparison });
  }

  /** Columns that both sides have, in the order of the second. */
  async #sharedColumns(
    { before, after }: Comparison,
    at: { readonly session: string; readonly folder: string },
  ): Promise<readonly string[]> {
    const columnsOf = async ({ side, columns }: NamedSide) => {
      if (columns !== undefined) return columns;
      const sql = 'file' in side ? `from '${side.file.replaceAll("'", "''")}'` : side.sql;
      const described = await this.#parts.link.request('sql/describe', { ...at, sql });
      return described.columns.map(({ name }) => name);
    };
    const [left, right] = await Promise.all([columnsOf(before), columnsOf(after)]);
    const known = new Set(left.map((name) => name.toLowerCase()));
    return right.filter((name) => known.has(name.toLowerCase()));
  }
}

/** @returns none for whole rows; undefined when the user declines */
async function askKey(columns: readonly string[]): Promise<readonly string[] | undefined> {
  // The comparison itself tells what is wrong with sides that share no column.
  if (columns.length === 0) return [];
  const picked = await vscode.window.showQuickPick([...columns], {
    canPickMany: true,
    title: vscode.l10n.t('Columns That Tell Rows Apart'),
    placeHolder: vscode.l10n.t('The key, such as id; none compares whole rows'),
  });
  return picked;
}

import * as l10n from '@vscode/l10n';
import { moved, type TextEdit } from './edit-history.ts';
import type { StatementUses } from './statement-uses.ts';

/** What the last run of a statement gave. */
export interface StatementRun {
  readonly type: 'done' | 'failed';
  /** In few words: `1,204 rows, 38 ms`, or what went wrong. */
  readonly summary: string;
  readonly uses: StatementUses;
  /** The values of its parameters, as one text. */
  readonly parameters: string;
}

/** What a run depends on and has changed since. */
export interface RunChange {
  /** In few words: `text`, `slug`, the path of a file. */
  readonly name: string;
  /** In a sentence: `its text`, `the plugin function slug`. */
  readonly text: string;
}

/** The last run of a statement, as it stands now. */
export interface ShownRun extends StatementRun {
  /** What has changed since; empty while the run still holds. */
  readonly stale: readonly RunChange[];
}

/** A statement of a document as it is now. */
export interface CurrentStatement {
  readonly start: number;
  readonly key: string;
  readonly parameters: string;
}

interface Entry<R> {
  readonly run: R;
  /** Where the statement begins now; undefined when the text around that was replaced. */
  at: number | undefined;
  /** By their texts. */
  readonly changes: Map<string, RunChange>;
}

/** Runs that are remembered for one document. */
const MAX_ENTRIES = 500;

/** Remembers the last run of each statement while its document is open, wherever edits move it. */
export class RunStates<R extends StatementRun = StatementRun> {
  readonly #documents = new Map<string, Entry<R>[]>();

  /**
   * Notes how a statement ended; its earlier run is forgotten.
   *
   * @param at where the statement begins in the document as it is now; undefined when nobody knows
   */
  record(uri: string, at: number | undefined, run: R): void {
    const others = (this.#documents.get(uri) ?? []).filter(
      (e) => (at === undefined || e.at !== at) && (e.at !== undefined || e.run.uses.key !== run.uses.key),
    );
    this.#documents.set(uri, [...others, { run, at, changes: new Map() }].slice(-MAX_ENTRIES));
  }

  /** Follows an edit of a document. */
  edited(uri: string, edits: readonly TextEdit[]): void {
    for (const entry of this.#documents.get(uri) ?? []) {
      if (entry.at !== undefined) entry.at = moved(entry.at, edits);
    }
  }

  /** Whether anything is remembered of a document. */
  has(uri: string): boolean {
    return this.#documents.has(uri);
  }

  closed(uri: string): void {
    this.#documents.delete(uri);
  }

  /**
   * Notes that something which runs depend on has changed.
   *
   * @returns whether it touches any run
   */
  changed(change: RunChange, touches: (run: R, uri: string) => boolean): boolean {
    let any = false;
    for (const [uri, entries] of this.#documents) {
      for (const { run, changes } of entries) {
        if (changes.has(change.text) || !touches(run, uri)) continue;
        changes.set(change.text, change);
        any = true;
      }
    }
    return any;
  }

  /** What has changed since a statement last ran, beside its text and its parameters. @param key of its uses */
  changesOf(uri: string, key: string): readonly RunChange[] {
    const entry = this.#documents.get(uri)?.findLast(({ run }) => run.uses.key === key);
    return [...(entry?.changes.values() ?? [])];
  }

  /**
   * The runs of a document's statements, by their index. A run goes first to a statement of its text, at its place or
   * elsewhere, as when all of the text was formatted; then to what stands at its place now.
   */
  of(uri: string, statements: readonly CurrentStatement[]): Map<number, ShownRun> {
    let left = this.#documents.get(uri) ?? [];
    const shown = new Map<number, ShownRun>();
    const match = (fits: (entry: Entry<R>, statement: CurrentStatement) => boolean) => {
      left = left.filter((entry) => {
        const index = statements.findIndex((statement, i) => !shown.has(i) && fits(entry, statement));
        const statement = statements[index];
        if (statement === undefined) return true;
        entry.at = statement.start;
        shown.set(index, shownRun(entry, statement));
        return false;
      });
    };
    const hasText = ({ run }: Entry<R>, { key }: CurrentStatement) => run.uses.key === key;
    const isAt = ({ at }: Entry<R>, { start }: CurrentStatement) => at === start;
    match((entry, statement) => isAt(entry, statement) && hasText(entry, statement));
    match(hasText);
    match(isAt);
    return shown;
  }
}

function shownRun({ run, changes }: Entry<StatementRun>, { key, parameters }: CurrentStatement): ShownRun {
  const stale = [
    ...(run.uses.key === key ? [] : [{ name: l10n.t('text'), text: l10n.t('its text') }]),
    ...(run.parameters === parameters
      ? []
      : [{ name: l10n.t('parameters'), text: l10n.t('the values of its parameters') }]),
    ...changes.values(),
  ];
  return { ...run, stale };
}

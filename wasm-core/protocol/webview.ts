import type { ChartSpec } from './chart.ts';
import type { SavedChart } from './chart-directive.ts';
import type { CachedOrigin } from './kept-results.ts';
import type { ColumnInfo, ResultPage, SqlErrorDetails } from './methods.ts';
import type { ExplainedStatement } from './plan.ts';
import type { ResultAnswers, ResultQuestion } from './result-questions.ts';
import type { StatementCost } from './statement-cost.ts';

/*
 * Messages between the extension and the results page. A page may ask only for what `FromResultsPage` lists.
 */

/** One statement's rows as the page shows them; bytes are pulled page by page. */
export interface ResultView extends ExplainedStatement {
  readonly id: string;
  /** The statement in one line, shortened for the tab. */
  readonly title: string;
  readonly columns: readonly ColumnInfo[];
  readonly rowCount: number;
  readonly truncated: boolean;
  readonly pages: readonly ResultPage[];
  readonly cost: StatementCost;
  /** Where the rows are from when they were not computed now. */
  readonly cached?: CachedOrigin;
  /**
   * `plan`: the last column of the first row is a text that shows a query's plan, unless `plan` is there. `diff`: rows of `sql/diff`, whose
   * changed cells are marked. Absent: rows.
   */
  readonly look?: 'rows' | 'plan' | 'diff';
  /** The chart that a directive above the statement asks for, which is then shown first. */
  readonly chart?: SavedChart;
  /** Whether rows are still added. */
  readonly isGrowing?: boolean;
  /** Whether its rows were there, and are kept no longer. */
  readonly isGone?: boolean;
  /** Why there are no more rows, where the statement did not end well. */
  readonly cut?: 'cancelled' | 'failed';
}

/** A run that has given rows and goes on. */
export interface RunUnderWay {
  /** For how long the statement under way has run, microseconds. */
  readonly micros: number;
}

/** A run that the page can show again. */
export interface RunLabel {
  readonly id: string;
  /** What it is called: by its user, or its statement. */
  readonly title: string;
  /** When it was, and what came of it. */
  readonly detail: string;
  readonly isPinned: boolean;
  /** Whether it is under way: it can be looked at, and nothing else. */
  readonly isRunning?: boolean;
}

/** What a page may want of a run. */
export const RUN_ACTIONS = ['choose', 'pin', 'unpin', 'rename', 'compare', 'close'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

/** The statement that failed, behind those that did not. */
export interface FailureView {
  readonly title: string;
  readonly message: string;
  /** Positions are the document's. */
  readonly details: SqlErrorDetails;
}

/** From the extension to the results page. */
export type ToResultsPage =
  /** Sent when there are other runs, or another one is looked at: the newest first. */
  | { readonly type: 'runs'; readonly runs: readonly RunLabel[]; readonly chosen?: string }
  /** Sent when no run is kept any longer. */
  | { readonly type: 'empty' }
  /** Sent when a run starts: the page shows what runs and a way to cancel. */
  | { readonly type: 'running'; readonly title: string }
  /** Sent while it runs, at most ten times a second; -1 when the engine cannot tell. */
  /** `message` says what the run waits for, such as `12 of 40 MB from data.example.org`. */
  | { readonly type: 'progress'; readonly percent: number; readonly message?: string }
  /** Sent when a run ends well, and while it gives rows. `schema` is the Arrow schema message of each result, by index. */
  | {
      readonly type: 'results';
      readonly results: readonly ResultView[];
      readonly schemas: readonly ArrayBuffer[];
      readonly micros: number;
      /** While the last result gets more rows; the same results come again when the run has ended. */
      readonly running?: RunUnderWay;
      /** Where the run ended early. */
      readonly failure?: FailureView;
      /** The text of a button that asks for more rows; absent where there are none, or nobody gives them. */
      readonly more?: string;
      /** `file`: the rows are a data file's, which need not be written to one. Absent: they are what a run gave. */
      readonly origin?: 'file';
    }
  /** Sent when rows were added to a result: pages behind its others, and how many rows there are now. */
  | {
      readonly type: 'grown';
      readonly id: string;
      readonly pages: readonly ResultPage[];
      readonly rowCount: number;
    }
  /** Sent when something that the shown rows depend on was changed: data files and plugin functions, for people. */
  | { readonly type: 'outdated'; readonly changes: readonly string[] }
  /** Sent when a run fails; positions are the document's. `title` stands above the message, in place of our own. */
  | {
      readonly type: 'failed';
      readonly title?: string;
      readonly message: string;
      readonly details: SqlErrorDetails;
    }
  /** Sent when a run of before is looked at whose rows the host is asked for. */
  | { readonly type: 'opening'; readonly title: string }
  /** Sent when a run of before is looked at whose rows are kept no longer, or cannot be asked for in Restricted Mode. */
  | { readonly type: 'gone'; readonly title: string; readonly isRestricted: boolean }
  /** Sent when a run was cancelled. */
  | { readonly type: 'cancelled' }
  /** Answers `pull` with the bytes of one page, or with a message when they are gone. */
  | { readonly type: 'page'; readonly id: string; readonly page: number; readonly bytes: ArrayBuffer }
  | { readonly type: 'pageFailed'; readonly id: string; readonly page: number; readonly message: string }
  /** Answers `ask`, or says why there is no answer. */
  | { readonly type: 'answer'; readonly ask: number; readonly answer: ResultAnswers[keyof ResultAnswers] }
  | { readonly type: 'refused'; readonly ask: number; readonly message: string };

/** From the results page to the extension. */
export type FromResultsPage =
  /** Sent once the page listens; what was posted before it is lost. */
  | { readonly type: 'ready' }
  /** Sent when rows scroll into view whose bytes the page does not hold. */
  | { readonly type: 'pull'; readonly id: string; readonly page: number }
  /** Sent when the page needs something of a result that its rows do not tell. `ask` comes back with the answer. */
  | { readonly type: 'ask'; readonly ask: number; readonly question: ResultQuestion }
  /** Sent when the user wants something of a run that the page was told of. */
  | { readonly type: 'run'; readonly action: RunAction; readonly run: string }
  /** Sent when the user presses Cancel. */
  | { readonly type: 'cancel' }
  /** Sent when the user wants rows computed in place of those of before. */
  | { readonly type: 'runAgain' }
  /** Sent when the user asks for more rows than the first ones. */
  | { readonly type: 'more' }
  /** Sent when the user presses the error's place, to show it in the editor. */
  | { readonly type: 'revealError' }
  /** Sent when the user wants the rows of a result in a file; the extension asks for the rest. */
  | { readonly type: 'export'; readonly id: string }
  /** Sent when the user wants the statement with the selection of these rows as SQL, in an untitled document or to paste. */
  | { readonly type: 'selectionSql'; readonly id: string; readonly to: 'clipboard' | 'editor' }
  /**
   * Sent when the user wants a chart where the next run finds it: above its statement in the document, or by its
   * statement's name in the workspace file.
   */
  | {
      readonly type: 'saveChart';
      readonly id: string;
      readonly spec: ChartSpec;
      readonly to: 'document' | 'workspace';
    }
  /** Sent when the user wants the picture of a chart in a file; the extension asks where. */
  | {
      readonly type: 'exportChart';
      readonly format: 'svg' | 'png';
      /** For the file's name. */
      readonly title: string;
      readonly bytes: ArrayBuffer;
    }
  /** Sent when the user copies cells; text is tab-separated. */
  | { readonly type: 'copy'; readonly text: string };

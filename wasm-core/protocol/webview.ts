import type { ColumnInfo, ResultPage, SqlErrorDetails, StatementCost } from './methods.ts';

/*
 * Messages between the extension and the results page. A page may ask only for what `FromResultsPage` lists.
 */

/** One statement's rows as the page shows them; bytes are pulled page by page. */
export interface ResultView {
  readonly id: string;
  /** The statement in one line, shortened for the tab. */
  readonly title: string;
  readonly columns: readonly ColumnInfo[];
  readonly rowCount: number;
  readonly truncated: boolean;
  readonly pages: readonly ResultPage[];
  readonly cost: StatementCost;
}

/** From the extension to the results page. */
export type ToResultsPage =
  /** Sent when a run starts: the page shows what runs and a way to cancel. */
  | { readonly type: 'running'; readonly title: string }
  /** Sent while it runs, at most ten times a second; -1 when the engine cannot tell. */
  | { readonly type: 'progress'; readonly percent: number }
  /** Sent when a run ends well. `schema` is the Arrow schema message of each result, by index. */
  | {
      readonly type: 'results';
      readonly results: readonly ResultView[];
      readonly schemas: readonly ArrayBuffer[];
      readonly micros: number;
    }
  /** Sent when a run fails; positions are the document's. */
  | { readonly type: 'failed'; readonly message: string; readonly details: SqlErrorDetails }
  /** Sent when a run was cancelled. */
  | { readonly type: 'cancelled' }
  /** Answers `pull` with the bytes of one page, or with a message when they are gone. */
  | { readonly type: 'page'; readonly id: string; readonly page: number; readonly bytes: ArrayBuffer }
  | { readonly type: 'pageFailed'; readonly id: string; readonly page: number; readonly message: string };

/** From the results page to the extension. */
export type FromResultsPage =
  /** Sent once the page listens; what was posted before it is lost. */
  | { readonly type: 'ready' }
  /** Sent when rows scroll into view whose bytes the page does not hold. */
  | { readonly type: 'pull'; readonly id: string; readonly page: number }
  /** Sent when the user presses Cancel. */
  | { readonly type: 'cancel' }
  /** Sent when the user presses the error's place, to show it in the editor. */
  | { readonly type: 'revealError' }
  /** Sent when the user copies cells; text is tab-separated. */
  | { readonly type: 'copy'; readonly text: string };

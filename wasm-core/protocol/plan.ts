import type { RunParams } from './methods.ts';
import type { Timeline } from './timeline.ts';

/*
 * `sql/explain`: how the engine runs a statement.
 */

/**
 * `sql/explain`: runs the statements of a text as `sql/run` does, but gives the plan of the last one in place of its
 * rows. Nothing of it is recorded in the history.
 */
export interface ExplainParams
  extends Pick<RunParams, 'session' | 'sql' | 'folder' | 'parameters' | 'limits'> {
  /**
   * True: the last statement runs, whatever it changes, and its plan has times and rows. Absent: it does not, and the
   * plan has the engine's estimates alone.
   */
  readonly analyze?: boolean;
}

/** A plan as a tree of operators, which pass rows upwards. */
export interface QueryPlan {
  /** Whether the statement ran for it. */
  readonly isMeasured: boolean;
  /** At most 10,000 of them, a parent before its children, which stand in the engine's order. */
  readonly nodes: readonly PlanNode[];
  /** Operators that were too many to be sent, with those below them; absent: none. */
  readonly leftOut?: number;
}

/** One operator. */
export interface PlanNode {
  /** The index of the operator that takes its rows; -1 for the uppermost. */
  readonly parent: number;
  /** The engine's name of it, such as `HASH_JOIN`. */
  readonly operator: string;
  /** What it does, in the engine's words; functions have the names that statements use. */
  readonly details: readonly PlanDetail[];
  /** Rows that the engine expected; absent where it says nothing. */
  readonly estimate?: number;
  /** Rows that it gave, and rows that it read from a table or a file; of measured plans alone. */
  readonly rows?: number;
  readonly scanned?: number;
  /** Inside this operator alone, plugin functions included, microseconds; of measured plans alone. */
  readonly micros?: number;
  /**
   * Plugin functions that it calls, each once; absent: none that the engine tells. It shows a column by its name, where it
   * has one, in place of the call that computes it.
   */
  readonly functions?: readonly string[];
}

/** One thing about an operator. A value that is longer than 20,000 UTF-16 code units is cut, and says so. */
export interface PlanDetail {
  readonly name: string;
  readonly value: string;
}

/** What a statement's answer tells beside its rows. */
export interface ExplainedStatement {
  /** How it is run; with `sql/explain` alone, of the last statement. */
  readonly plan?: QueryPlan;
  /** Where its time went. */
  readonly timeline?: Timeline;
}

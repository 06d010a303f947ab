import type { ChainStepResult, TracedBytes, TracedStep } from './chains.ts';

/*
 * Messages between the extension and the page that runs a chain step by step. A page may ask only for what
 * `FromChainPage` lists.
 */

/** A step as its file describes it. */
export interface ChainStepView {
  /** From 1. */
  readonly number: number;
  /** Its label. */
  readonly name: string;
  readonly kind: 'plugin' | 'sql';
  /** The plugin's name, or the SQL. */
  readonly text: string;
}

/** A step that ran; the extension keeps the files of what is longer than a head. */
export interface ChainRunView extends Pick<TracedStep, 'number' | 'name' | 'logs'> {
  readonly input: TracedBytes;
  readonly output?: TracedBytes;
  readonly result?: ChainStepResult;
  readonly error?: { readonly kind: string; readonly message: string };
}

/** A step that has ended while those behind it still run. */
export interface EndedStep {
  /** From 1. */
  readonly number: number;
  readonly result: ChainStepResult;
}

/** What a chain does. */
export type ChainStatus =
  | { readonly type: 'ready' }
  /** `from` is the first step that runs, from 1; `ended` are those that have run since, in their order. */
  | { readonly type: 'running'; readonly from: number; readonly ended: readonly EndedStep[] }
  /** It ended, well or with a step that failed. */
  | { readonly type: 'done'; readonly micros: number }
  /** It did not begin, or failed as a whole. */
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'cancelled' };

/** A file that the user has chosen as the input of a step. */
export interface ChosenInput {
  /** From 1. */
  readonly step: number;
  readonly name: string;
  readonly input: TracedBytes;
}

/** From the extension to the chain page: sent whenever anything of it has changed. */
export interface ToChainPage {
  readonly type: 'chain';
  /** Of the file; texts that were written for another one are worth nothing. */
  readonly file: string;
  readonly title: string;
  /** As the file is now. */
  readonly steps: readonly ChainStepView[];
  readonly status: ChainStatus;
  /** What the steps were given and gave last, by number. */
  readonly runs: readonly ChainRunView[];
  readonly chosen: readonly ChosenInput[];
}

/** From the chain page to the extension. */
export type FromChainPage =
  /** Sent once the page listens; what was posted before it is lost. */
  | { readonly type: 'ready' }
  /** Sent when the user runs a step and those behind it, on `text`, or on the input that the extension has of it. */
  | { readonly type: 'run'; readonly from: number; readonly text?: string }
  /** Sent when the user wants a file as the input of a step. */
  | { readonly type: 'chooseInput'; readonly step: number }
  /** Sent when the user presses Cancel. */
  | { readonly type: 'cancel' }
  /** Sent when the user wants to see the text of the chain. */
  | { readonly type: 'reveal' }
  /** Sent when the user copies an input or an output. */
  | { readonly type: 'copy'; readonly text: string };

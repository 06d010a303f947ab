import * as l10n from '@vscode/l10n';
import { durationText } from '../wasm-core/protocol/figures.ts';
import type { FailureView, FromResultsPage, ResultView } from '../wasm-core/protocol/webview.ts';
import { element } from './dom.ts';
import { failedNotice } from './notices.ts';
import type { ResultPanel } from './result-panel.ts';
import { cachedText, cutText, functionLines, functionsText, rowsText } from './summary-text.ts';

/** Takes messages for the extension. */
export type Send = (message: FromResultsPage) => void;

/** What a tab of a run shows. */
export interface Tab {
  readonly title: string;
  readonly node: HTMLElement;
  readonly summary: readonly HTMLElement[];
  readonly actions: readonly HTMLElement[];
  readonly hasFailed: boolean;
  shown(): void;
}

/** A statement's rows. @param hasExport whether they can be written to a file */
export function resultTab(panel: ResultPanel, { send, hasExport }: { send: Send; hasExport: boolean }): Tab {
  const { view } = panel.store;
  return {
    title: view.title,
    node: panel.node,
    // Of rows that still come, the strip above them tells.
    summary: view.isGrowing
      ? []
      : [...summaryParts(view, panel.time.button), ...cutParts(view), ...againParts(view, send)],
    actions: hasExport ? exportParts(panel, send) : [],
    hasFailed: false,
    shown: () => panel.shown(),
  };
}

/** Why a run ended early. */
export function failureTab({ title, message, details }: FailureView, send: Send): Tab {
  const reveal = details.start === undefined ? undefined : () => send({ type: 'revealError' });
  const { node } = failedNotice(message, reveal);
  return {
    title,
    node,
    summary: [element('span', { text: l10n.t('Failed') })],
    actions: [],
    hasFailed: true,
    shown: () => {},
  };
}

/** Asks for rows computed now. */
export function runAgainButton(send: Send): HTMLElement {
  return link(l10n.t('Run again'), () => send({ type: 'runAgain' }));
}

/** Asks for more rows. @param text of the button */
export function moreButton(text: string, send: Send): HTMLElement {
  const onClick = () => send({ type: 'more' });
  return element('button', { class: 'button more', text, attributes: { type: 'button' }, onClick });
}

/** The way to a file, for rows. */
function exportParts(panel: ResultPanel, send: Send): HTMLElement[] {
  const { view } = panel.store;
  // Rows that were cut off are no result of a statement, and the host may be gone that had them.
  if (view.columns.length === 0 || view.look === 'plan' || view.cut !== undefined) return [];
  const button = link(l10n.t('Export…'), () => send({ type: 'export', id: panel.shownRows.view.id }));
  button.title = l10n.t('Write all rows that are shown to a file');
  return [button];
}

/** Says that rows are of before, and offers to compute them, or those that are gone. */
function againParts(view: ResultView, send: Send): HTMLElement[] {
  if (view.isGone) return [runAgainButton(send)];
  if (view.cached === undefined) return [];
  return [element('span', { class: 'cached', text: cachedText(view) }), runAgainButton(send)];
}

/** Says that there would be more rows, had the statement not ended early. */
function cutParts(view: ResultView): HTMLElement[] {
  return view.cut === undefined ? [] : [element('span', { class: 'cut', text: cutText(view.cut) })];
}

function summaryParts(view: ResultView, duration: HTMLElement): HTMLElement[] {
  const functions = functionsText(view);
  if (view.isGone) return [element('span', { text: rowsText(view) })];
  return [
    element('span', { text: rowsText(view) }),
    view.timeline === undefined ? element('span', { text: durationText(view.cost.micros) }) : duration,
    ...(functions === ''
      ? []
      : [element('span', { text: functions, attributes: { title: functionLines(view) } })]),
  ];
}

function link(text: string, onClick: () => void): HTMLElement {
  return element('button', { class: 'link', text, attributes: { type: 'button' }, onClick });
}

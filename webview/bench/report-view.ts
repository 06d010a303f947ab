import * as l10n from '@vscode/l10n';
import { comparisonText, reportSummary } from '../../wasm-core/protocol/bench/report.ts';
import type { FromBenchPage, ToBenchPage } from '../../wasm-core/protocol/bench-page.ts';
import { reportMarkdown, reportWorld } from '../../wasm-core/results/bench/markdown.ts';
import type { Picture } from '../../wasm-core/results/bench/picture.ts';
import {
  costPicture,
  historyPicture,
  scalingPicture,
  timesPicture,
} from '../../wasm-core/results/bench/report-pictures.ts';
import { stacked, svgText } from '../../wasm-core/results/bench/svg-text.ts';
import { element } from '../dom.ts';
import { PictureFrame } from './picture-frame.ts';
import { reportTable } from './report-table.ts';

type Report = Extract<ToBenchPage, { type: 'report' }>;
type Notice = Extract<ToBenchPage, { type: 'notice' }>;

/** How wide pictures are in a file, pixels. */
const FILE_WIDTH_PX = 860;

/** Sentences about so many targets; the table has the rest. */
const MAX_SENTENCES = 30;

interface Section {
  readonly title: string;
  readonly draw: (width: number) => Picture | undefined;
}

/** What benchmarks gave: figures, pictures, and what can be done with them. */
export class ReportView {
  readonly node = element('div', { class: 'bench' });
  readonly #send: (message: FromBenchPage) => void;
  readonly #told = element('p', { class: 'told', attributes: { role: 'status' } });
  #message: Report;
  #frames: readonly PictureFrame[] = [];

  /** @param send takes messages for the extension */
  constructor(message: Report, send: (message: FromBenchPage) => void) {
    this.#send = send;
    this.#message = message;
    this.#build();
  }

  /** Shows another report in its place, and leaves the focus where it was. */
  update(message: Report): void {
    const focused = document.activeElement?.id;
    this.dispose();
    this.#message = message;
    this.#build();
    if (focused) document.getElementById(focused)?.focus();
  }

  /** Says what came of something that was asked for. */
  tell({ message, isError }: Notice): void {
    this.#told.textContent = message;
    this.#told.classList.toggle('error', isError);
  }

  dispose(): void {
    for (const frame of this.#frames) frame.dispose();
  }

  #build(): void {
    const { report } = this.#message;
    const shown = this.#sections().filter(({ draw }) => draw(FILE_WIDTH_PX) !== undefined);
    const frames = shown.map(({ draw }) => new PictureFrame(draw));
    this.#frames = frames;
    const sections = shown.map(({ title }, index) => {
      const frame = frames[index];
      return element('section', {}, [element('h2', { text: title }), ...(frame ? [frame.node] : [])]);
    });
    const body = element('div', { class: 'body' }, [
      reportTable(report, (target) => this.#send({ type: 'reveal', target })),
      ...this.#sentences(),
      ...sections,
      element('section', { class: 'world' }, [
        element('h2', { text: l10n.t('Measured on') }),
        element(
          'ul',
          {},
          reportWorld(report, l10n).map((text) => element('li', { text })),
        ),
      ]),
    ]);
    this.node.replaceChildren(this.#heading(), this.#told, body);
  }

  #heading(): HTMLElement {
    const { report, canSave, canScale } = this.#message;
    const button = (id: string, text: string, act: () => void) =>
      element('button', { class: 'button', text, attributes: { type: 'button', id }, onClick: act });
    const asking = (type: 'runAgain' | 'saveBaseline' | 'compare' | 'scale') => () => this.#send({ type });
    return element('header', { class: 'heading' }, [
      element('div', { class: 'titles' }, [
        element('h1', { class: 'title', text: report.title, attributes: { title: report.title } }),
        element('p', { class: 'summary', text: reportSummary(report, l10n) }),
      ]),
      element('div', { class: 'actions', attributes: { role: 'group', 'aria-label': l10n.t('Actions') } }, [
        button('again', l10n.t('Run Again'), asking('runAgain')),
        ...(canSave ? [button('save', l10n.t('Save as Baseline'), asking('saveBaseline'))] : []),
        button('compare', l10n.t('Compare with…'), asking('compare')),
        ...(canScale ? [button('scale', l10n.t('Measure Scaling'), asking('scale'))] : []),
        button('copy', l10n.t('Copy as Markdown'), () =>
          this.#send({ type: 'copy', text: reportMarkdown(report, l10n) }),
        ),
        button('svg', l10n.t('Export SVG…'), () => this.#exportSvg()),
      ]),
    ]);
  }

  #sections(): readonly Section[] {
    const { report, scaling, history } = this.#message;
    return [
      { title: l10n.t('Times of the runs'), draw: (width) => timesPicture(report, { width, l10n }) },
      { title: l10n.t('Where the time goes'), draw: (width) => costPicture(report, { width, l10n }) },
      {
        title: l10n.t('Rows a second by size of input'),
        draw: (width) => scalingPicture(scaling, { width, l10n }),
      },
      { title: l10n.t('History over commits'), draw: (width) => historyPicture(history, { width, l10n }) },
    ];
  }

  #sentences(): HTMLElement[] {
    const { rows, against } = this.#message.report;
    if (against === undefined) return [];
    const items = rows.slice(0, MAX_SENTENCES).flatMap(({ result, comparison }) => {
      if (comparison === undefined) return [];
      const text = comparisonText(comparison, against, l10n);
      return [element('li', {}, [element('strong', { text: result.name }), new Text(` ${text}`)])];
    });
    return items.length === 0 ? [] : [element('ul', { class: 'sentences' }, items)];
  }

  #exportSvg(): void {
    const pictures = this.#sections().flatMap(({ draw }) => draw(FILE_WIDTH_PX) ?? []);
    if (pictures.length > 0) this.#send({ type: 'exportSvg', svg: svgText(stacked(pictures)) });
    else this.tell({ type: 'notice', message: l10n.t('There is no picture.'), isError: true });
  }
}

import * as l10n from '@vscode/l10n';
import type { ChartSpec } from '../../wasm-core/protocol/chart.ts';
import { proposeChart } from '../../wasm-core/protocol/chart-proposal.ts';
import type { RowFilter } from '../../wasm-core/protocol/result-query.ts';
import type { ChartData } from '../../wasm-core/protocol/result-questions.ts';
import { readChartTheme } from '../chart/chart-theme.ts';
import type { DrawnChart } from '../chart/draw-chart.ts';
import { loadChart } from '../chart/load-chart.ts';
import { element } from '../dom.ts';
import type { Facet, FacetContext } from '../facet.ts';
import { ChartControls } from './chart-controls.ts';
import { dataTable } from './data-table.ts';
import { kindName, notesOf, titleOf } from './names.ts';
import { chartPicture, type TablePicture } from './picture.ts';

/** Asks that take longer are announced, milliseconds; others would only flicker. */
const ANNOUNCE_AFTER_MS = 200;

/** A chart of a result, and what it is made from. */
export class ChartFacet implements Facet {
  readonly node = element('div', { class: 'result chart-facet' });
  readonly #context: FacetContext;
  readonly #state = element('div', { class: 'chart-state', attributes: { role: 'status' } });
  readonly #canvas = element('div', { class: 'chart' });
  readonly #notes = element('p', { class: 'chart-notes' });
  readonly #table = element('details', { class: 'chart-data' });
  readonly #actions = element('div', { class: 'actions' });
  readonly #sizes = new ResizeObserver(() => this.#chart?.resize());
  readonly #themes = new MutationObserver(() => this.#redraw());
  readonly #endQuery: () => void;
  #spec: ChartSpec | undefined;
  /** Of the rows that were asked for last. */
  #filters: readonly RowFilter[];
  #data: ChartData | undefined;
  #chart: DrawnChart | undefined;
  /** Counts what was asked for: answers to what nobody wants any more are dropped. */
  #asked = 0;

  constructor(context: FacetContext) {
    this.#context = context;
    const { query, store } = context;
    const { columns, chart } = store.view;
    this.#filters = query.selection.filters;
    this.#endQuery = query.onChange(() => this.node.isConnected && this.shown());
    this.#spec = chart?.type === 'spec' ? chart.spec : proposeChart(columns);
    if (this.#spec === undefined) {
      this.node.append(
        sentence(
          l10n.t(
            'No column of this result can be drawn: a chart takes numbers, dates and times, texts, and booleans.',
          ),
        ),
      );
      return;
    }
    const controls = new ChartControls(columns, this.#spec, (spec) => {
      this.#spec = spec;
      void this.#ask();
    });
    this.#actions.append(
      actionButton(
        l10n.t('Save in document'),
        l10n.t('Write the chart as a comment above the statement'),
        () => this.#save('document'),
      ),
      actionButton(
        l10n.t('Save in quern.json'),
        l10n.t('Keep the chart in the workspace file, by the name that -- name: gives the statement'),
        () => this.#save('workspace'),
      ),
      actionButton(
        l10n.t('SVG…'),
        l10n.t('Write the picture to an SVG file'),
        () => void this.#export('svg'),
      ),
      actionButton(l10n.t('PNG…'), l10n.t('Write the picture to a PNG file'), () => void this.#export('png')),
    );
    const bar = element('div', { class: 'chart-bar' }, [controls.node, this.#actions]);
    this.node.append(bar, this.#state, this.#canvas, this.#notes, this.#table);
    if (chart?.type === 'fault') this.#say(chart.message, true);
    this.#sizes.observe(this.#canvas);
    this.#themes.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    this.#themes.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  }

  shown(): void {
    if (this.#spec === undefined) return;
    // An order changes no chart: its rows are put together anew.
    const isOld = this.#filters !== this.#context.query.selection.filters;
    if (this.#asked === 0 || isOld) void this.#ask();
    else this.#chart?.resize();
  }

  refresh(): void {}

  dispose(): void {
    this.#asked++;
    this.#endQuery();
    this.#sizes.disconnect();
    this.#themes.disconnect();
    this.#chart?.dispose();
    this.#chart = undefined;
    this.node.remove();
  }

  async #ask(): Promise<void> {
    const { asker, query, store } = this.#context;
    const spec = this.#spec;
    if (spec === undefined) return;
    this.#filters = query.selection.filters;
    const isFirst = this.#asked === 0;
    const number = ++this.#asked;
    const announce = setTimeout(() => this.#say(l10n.t('Drawing…')), ANNOUNCE_AFTER_MS);
    this.node.setAttribute('aria-busy', 'true');
    try {
      const [data, { drawChart }] = await Promise.all([
        asker.ask({ kind: 'chart', id: store.view.id, spec, filters: this.#filters }),
        loadChart(),
      ]);
      if (number !== this.#asked) return;
      this.#data = data;
      if (data.drawnCount === 0) return this.#showNothing(data);
      const drawn = this.#picture(data, spec);
      const theme = readChartTheme(document.body);
      this.#canvas.hidden = false;
      if (this.#chart === undefined) this.#chart = drawChart(this.#canvas, drawn.picture, theme);
      else this.#chart.draw(drawn.picture);
      this.#showRest(drawn, data, spec);
      // What is wrong with a directive stays until something else is chosen.
      const fault = isFirst && store.view.chart?.type === 'fault' ? store.view.chart.message : '';
      this.#say(fault, fault !== '');
    } catch (error) {
      if (number === this.#asked) this.#showFailure(error);
    } finally {
      clearTimeout(announce);
      if (number === this.#asked) this.node.removeAttribute('aria-busy');
    }
  }

  #picture(data: ChartData, spec: ChartSpec): TablePicture {
    const theme = readChartTheme(document.body);
    const title = titleOf(spec, data);
    const description = [l10n.t('{0}: {1}.', kindName(spec.kind), title), ...notesOf(spec, data)].join(' ');
    return chartPicture({ spec, data, theme }, { title, description });
  }

  #showRest({ table, picture }: TablePicture, data: ChartData, spec: ChartSpec): void {
    this.#actions.hidden = false;
    this.#notes.textContent = [`${picture.title}.`, ...notesOf(spec, data)].join(' ');
    this.#table.replaceChildren(...dataTable(table));
    this.#table.hidden = false;
  }

  #showNothing({ rowCount }: ChartData): void {
    this.#hide();
    this.#say(
      rowCount === 0
        ? l10n.t('No rows to draw.')
        : l10n.t('No values to draw: in every row one of the chosen columns is NULL, or no finite value.'),
    );
  }

  #showFailure(error: unknown): void {
    this.#hide();
    this.#say(error instanceof Error ? error.message : String(error), true);
  }

  #hide(): void {
    this.#chart?.dispose();
    this.#chart = undefined;
    this.#canvas.hidden = true;
    this.#actions.hidden = true;
    this.#table.hidden = true;
    this.#notes.textContent = '';
  }

  #say(text: string, isFault = false): void {
    this.#state.classList.toggle('failed', isFault);
    this.#state.textContent = text;
  }

  /** Draws again in the colours of another theme. */
  #redraw(): void {
    if (this.#chart === undefined || this.#data === undefined || this.#spec === undefined) return;
    this.#chart.setTheme(readChartTheme(document.body));
    this.#chart.draw(this.#picture(this.#data, this.#spec).picture);
  }

  #save(to: 'document' | 'workspace'): void {
    if (this.#spec === undefined) return;
    this.#context.send({ type: 'saveChart', id: this.#context.store.view.id, spec: this.#spec, to });
  }

  async #export(format: 'svg' | 'png'): Promise<void> {
    const chart = this.#chart;
    if (chart === undefined || this.#data === undefined || this.#spec === undefined) return;
    try {
      const bytes =
        format === 'svg' ? bufferOf(new TextEncoder().encode(chart.exportSvg())) : await chart.exportPng();
      const title = titleOf(this.#spec, this.#data);
      this.#context.send({ type: 'exportChart', format, title, bytes });
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error), true);
    }
  }
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}

function sentence(text: string): HTMLElement {
  return element('p', { class: 'sentence', text });
}

function actionButton(text: string, title: string, onClick: () => void): HTMLElement {
  return element('button', { class: 'link', text, attributes: { type: 'button', title }, onClick });
}

import type { ECharts, EChartsCoreOption } from 'echarts/core';
import { element } from '../dom.ts';
import type { ChartTheme } from './chart-theme.ts';
import { initChart } from './echarts.ts';
import { distinction, themeOption } from './theme-option.ts';

/** What is drawn. It knows nothing of where its numbers come from. */
export interface ChartPicture {
  /** What the chart shows, in a line; it stands above the chart in exports alone. */
  readonly title: string;
  /** What a reader who cannot see it is told. */
  readonly description: string;
  /** ECharts' option; colours, fonts, tooltips and movement come from here. */
  readonly option: ChartOption;
  /**
   * Lines of text beside the pointer, for one item, or for those of all series at one place of the x axis. None: no
   * tooltip there.
   */
  readonly tip?: (items: readonly TipItem[]) => readonly string[];
  /** Absent: items one by one. */
  readonly tipOf?: 'item' | 'axis';
}

/** An option of ECharts (https://echarts.apache.org/en/option.html), series in a list. */
export type ChartOption = EChartsCoreOption & { readonly series: readonly ChartSeries[] };

/** One series of an option. */
export type ChartSeries = Readonly<Record<string, unknown>> & { readonly type: string };

/** What the pointer is on. */
export interface TipItem {
  readonly seriesIndex: number;
  readonly dataIndex: number;
}

/** A size in CSS pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** A chart in a page. */
export interface DrawnChart {
  /** Draws another picture in its place. */
  draw(picture: ChartPicture): void;
  /** Draws again in the container's size, at most as often as the page is painted. */
  resize(): void;
  /** Draws again in other colours. */
  setTheme(theme: ChartTheme): void;
  /** Resolves once all of the last picture is there. */
  drawn(): Promise<void>;
  /** An SVG document with the title; text stays text. Absent: in the size that is shown. */
  exportSvg(size?: ChartSize): string;
  /** The bytes of a PNG image with the title, two pixels for each of CSS. */
  exportPng(size?: ChartSize): Promise<ArrayBuffer>;
  /** Idempotent. */
  dispose(): void;
}

/** Pixels of a PNG for one of CSS. */
const PNG_RATIO = 2;

/** Space for the title of an export, CSS pixels. */
const TITLE_HEIGHT = 30;

/**
 * Draws a chart into an element, which must have a size.
 *
 * @param theme as `readChartTheme` gives it
 */
export function drawChart(container: HTMLElement, picture: ChartPicture, theme: ChartTheme): DrawnChart {
  return new Chart(container, picture, theme);
}

class Chart implements DrawnChart {
  readonly #container: HTMLElement;
  #picture: ChartPicture;
  #theme: ChartTheme;
  #chart: ECharts;
  #done: Promise<void> = Promise.resolve();
  #frame = 0;

  constructor(container: HTMLElement, picture: ChartPicture, theme: ChartTheme) {
    this.#container = container;
    this.#picture = picture;
    this.#theme = theme;
    this.#chart = this.#open();
  }

  draw(picture: ChartPicture): void {
    this.#picture = picture;
    this.#show();
  }

  resize(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#chart.isDisposed() || this.#chart.resize());
  }

  setTheme(theme: ChartTheme): void {
    this.#theme = theme;
    this.#chart.dispose();
    this.#chart = this.#open();
  }

  drawn(): Promise<void> {
    return this.#done;
  }

  exportSvg(size = this.#size()): string {
    const chart = initChart(null, themeOption(this.#theme), { renderer: 'svg', ssr: true, ...size });
    try {
      chart.setOption(this.#exported());
      return wellFormed(chart.renderToSVGString(), this.#picture.title);
    } finally {
      chart.dispose();
    }
  }

  async exportPng(size = this.#size()): Promise<ArrayBuffer> {
    const canvas = element('canvas');
    const chart = initChart(canvas, themeOption(this.#theme), {
      renderer: 'canvas',
      devicePixelRatio: PNG_RATIO,
      ...size,
    });
    try {
      const finished = whenFinished(chart);
      chart.setOption(this.#exported());
      await finished;
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
      if (blob === null) throw new Error('The chart is too large for an image; make the panel smaller.');
      return await blob.arrayBuffer();
    } finally {
      chart.dispose();
    }
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    if (!this.#chart.isDisposed()) this.#chart.dispose();
  }

  #open(): ECharts {
    this.#chart = initChart(this.#container, themeOption(this.#theme), { renderer: 'canvas' });
    this.#show();
    return this.#chart;
  }

  #show(): void {
    const { description, tip, tipOf = 'item' } = this.#picture;
    this.#container.setAttribute('role', 'img');
    this.#container.setAttribute('aria-label', description);
    this.#done = whenFinished(this.#chart);
    const tooltip = {
      trigger: tipOf,
      confine: true,
      transitionDuration: 0,
      axisPointer: { animation: false, lineStyle: { color: this.#theme.quietText } },
      formatter: (params: unknown) => tipElement(tip?.(tipItems(params)) ?? []),
    };
    this.#chart.setOption({ ...this.#common(), ...(tip !== undefined && { tooltip }) }, { notMerge: true });
  }

  #exported(): ChartOption {
    const { option, title } = this.#picture;
    const common = this.#common();
    return {
      ...common,
      backgroundColor: this.#theme.background,
      title: { text: title, left: 'center', top: 6 },
      legend: lowered(option.legend),
      visualMap: option.visualMap,
      grid: lowered(option.grid),
    };
  }

  #common(): ChartOption {
    const { option } = this.#picture;
    const { isHighContrast } = this.#theme;
    return {
      ...option,
      // Nothing moves, for whoever prefers so, and for whoever waits for the picture.
      animation: false,
      // The description is ours, the patterns are not.
      aria: { enabled: true, label: { enabled: false }, decal: { show: isHighContrast } },
      series: option.series.map((series, index) =>
        series.type === 'line' || series.type === 'scatter'
          ? merged(distinction(this.#theme, index), series)
          : series,
      ),
    };
  }

  #size(): ChartSize {
    return { width: this.#chart.getWidth(), height: this.#chart.getHeight() };
  }
}

function whenFinished(chart: ECharts): Promise<void> {
  return new Promise((resolve) => {
    const finished = () => {
      chart.off('finished', finished);
      resolve();
    };
    chart.on('finished', finished);
  });
}

/** A series with members of another, its own first; members that have members are merged too. */
function merged(base: Readonly<Record<string, unknown>>, series: ChartSeries): ChartSeries {
  const { lineStyle } = base;
  const both = typeof lineStyle === 'object' && { lineStyle: { ...lineStyle, ...(series.lineStyle ?? {}) } };
  return { ...base, ...series, ...both };
}

/** A part of the option, below the title of an export. */
function lowered(part: unknown): unknown {
  if (typeof part !== 'object' || part === null) return part;
  const { top } = part as { readonly top?: unknown };
  return typeof top === 'number' ? { ...part, top: top + TITLE_HEIGHT } : part;
}

function tipItems(params: unknown): TipItem[] {
  const items = Array.isArray(params) ? params : [params];
  return items.map(({ seriesIndex = 0, dataIndex = 0 }: Partial<TipItem>) => ({ seriesIndex, dataIndex }));
}

/** An element, since ECharts takes a text for HTML. */
function tipElement(lines: readonly string[]): HTMLElement | string {
  if (lines.length === 0) return '';
  return element(
    'div',
    { class: 'chart-tip' },
    lines.map((text) => element('div', { text })),
  );
}

/** Characters that XML does not have, whatever a label is made of. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

function wellFormed(svg: string, title: string): string {
  const escaped = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const document = svg
    .replace(/^(<svg[^>]*>)/, (head: string) => `${head}<title>${escaped}</title>`)
    .replaceAll(NOT_XML, '\ufffd');
  // Half a pair of code units becomes a mark that says so.
  return new TextDecoder().decode(new TextEncoder().encode(document));
}

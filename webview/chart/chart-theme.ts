/** How a chart looks: the editor's colours as a canvas takes them. */
export interface ChartTheme {
  readonly background: string;
  readonly text: string;
  /** Of axes and what explains. */
  readonly quietText: string;
  /** Of the axes. */
  readonly line: string;
  /** Of the lines behind a chart. */
  readonly faintLine: string;
  /** Of series, in order; they begin again when there are more series. */
  readonly series: readonly string[];
  readonly fontFamily: string;
  /** CSS pixels. */
  readonly fontSize: number;
  /** Series must be told apart by more than their colours. */
  readonly isHighContrast: boolean;
}

const SERIES = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'];

/**
 * The editor's theme, as it is now, from the variables that the editor gives its pages.
 *
 * @param body the page's body, which has the theme's kind as a class
 */
export function readChartTheme(body: HTMLElement): ChartTheme {
  const style = getComputedStyle(body);
  const resolve = colorResolver();
  const text = resolve(style.color, '#888888');
  const variable = (name: string, otherwise: string): string =>
    resolve(style.getPropertyValue(`--vscode-${name}`), otherwise);
  const isHighContrast = body.classList.contains('vscode-high-contrast');
  return {
    background: variable('editor-background', '#ffffff'),
    text,
    quietText: isHighContrast ? text : variable('descriptionForeground', text),
    line: isHighContrast ? variable('contrastBorder', text) : faint(text, 0.4),
    faintLine: faint(text, isHighContrast ? 0.3 : 0.13),
    series: SERIES.map((name) => variable(`charts-${name}`, text)),
    // Double quotes would end the attribute that an SVG document has it in.
    fontFamily: style.fontFamily.replaceAll('"', "'"),
    fontSize: Math.max(10, Number.parseFloat(style.fontSize) - 1),
    isHighContrast,
  };
}

/** Makes any CSS colour one that every drawing library reads: `#rrggbb` or `rgba(…)`. */
function colorResolver(): (color: string, otherwise: string) => string {
  const context = document.createElement('canvas').getContext('2d');
  return (color, otherwise) => {
    if (context === null || color.trim() === '') return otherwise;
    context.fillStyle = otherwise;
    // A colour that is none is not taken.
    context.fillStyle = color.trim();
    return context.fillStyle;
  };
}

/** A colour let through. @param alpha 0 to 1 */
function faint(color: string, alpha: number): string {
  const [, red = '', green = '', blue = ''] = /^#(..)(..)(..)$/.exec(color) ?? [];
  if (red === '') return color;
  return `rgba(${[red, green, blue].map((part) => Number.parseInt(part, 16)).join(', ')}, ${alpha})`;
}

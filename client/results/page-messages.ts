import { readChartSpec } from '../../wasm-core/protocol/chart-spec.ts';
import { type FromResultsPage, RUN_ACTIONS } from '../../wasm-core/protocol/webview.ts';
import { parseQuestion } from './parse-question.ts';

/** Text beyond this is no copy of cells but a fault, UTF-16 code units. */
const MAX_COPY = 256 * 1024 * 1024;

/** Of a title of a chart, which becomes the name of a file. */
const MAX_TITLE = 200;

/**
 * Checks a message that came from the results page.
 *
 * @returns undefined when it is none of the actions that a page may ask for
 */
export function parseFromPage(value: unknown): FromResultsPage | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, id, page, text, ask, question, spec, format, bytes, title, to } = value as Record<
    string,
    unknown
  >;
  switch (type) {
    case 'ready':
    case 'cancel':
    case 'more':
    case 'revealError':
    case 'runAgain':
      return { type };
    case 'pull':
      if (typeof id !== 'string' || !Number.isSafeInteger(page) || Number(page) < 0) return undefined;
      return { type, id, page: Number(page) };
    case 'ask': {
      const asked = parseQuestion(question);
      if (asked === undefined || !Number.isSafeInteger(ask)) return undefined;
      return { type, ask: Number(ask), question: asked };
    }
    case 'run': {
      const { action, run } = value as Record<string, unknown>;
      const asked = RUN_ACTIONS.find((each) => each === action);
      return asked !== undefined && typeof run === 'string' ? { type, action: asked, run } : undefined;
    }
    case 'export':
      return typeof id === 'string' ? { type, id } : undefined;
    case 'selectionSql':
      if (typeof id !== 'string' || (to !== 'clipboard' && to !== 'editor')) return undefined;
      return { type, id, to };
    case 'saveChart': {
      const read = readChartSpec(spec);
      if (typeof id !== 'string' || typeof read === 'string') return undefined;
      return to === 'document' || to === 'workspace' ? { type, id, spec: read, to } : undefined;
    }
    case 'exportChart':
      if ((format !== 'svg' && format !== 'png') || !(bytes instanceof ArrayBuffer)) return undefined;
      return { type, format, bytes, title: typeof title === 'string' ? title.slice(0, MAX_TITLE) : '' };
    case 'copy':
      return typeof text === 'string' && text.length <= MAX_COPY ? { type, text } : undefined;
    default:
      return undefined;
  }
}

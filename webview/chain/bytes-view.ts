import * as l10n from '@vscode/l10n';
import type { TracedBytes } from '../../wasm-core/protocol/chains.ts';
import { counted } from '../../wasm-core/protocol/figures.ts';
import { element } from '../dom.ts';
import { hexText, isWhole } from './bytes-of.ts';
import { rowsOf, type TextRows } from './rows-of.ts';

/** A way of looking at bytes. */
export type BytesMode = 'text' | 'hex' | 'rows';

/** What bytes are shown with. */
export interface BytesViewOptions {
  /** Names them for people, such as `Output`. */
  readonly label: string;
  /** The way that the user chose before. */
  readonly mode: BytesMode | undefined;
  readonly choose: (mode: BytesMode) => void;
  readonly copy: (text: string) => void;
  /** What else can be done with them. */
  readonly actions?: readonly HTMLElement[];
}

/** Bytes as text, in hexadecimal, or as rows where they are any. */
export function bytesView(bytes: TracedBytes, options: BytesViewOptions): HTMLElement {
  const { head } = bytes;
  const whole = isWhole(bytes);
  const text = 'utf8' in head ? head.utf8 : undefined;
  const rows = text === undefined ? undefined : rowsOf(text, { isWhole: whole });
  const modes: readonly BytesMode[] = [
    ...(text === undefined ? [] : (['text'] as const)),
    ...(rows === undefined ? [] : (['rows'] as const)),
    'hex',
  ];
  const mode = options.mode !== undefined && modes.includes(options.mode) ? options.mode : modes[0];
  const size = counted(bytes.byteLength, l10n.t('{0} byte'), l10n.t('{0} bytes'));
  const copy = element('button', {
    class: 'link',
    text: l10n.t('Copy'),
    attributes: { type: 'button', 'aria-label': l10n.t('Copy {0}', options.label) },
    onClick: () => options.copy(text ?? hexText(bytes)),
  });
  const tools = element('div', { class: 'bytes-tools' }, [
    element('h3', { text: options.label }),
    element('span', {
      class: 'size',
      text: whole ? size : l10n.t('{0}, of which the first are shown', size),
    }),
    ...(bytes.byteLength === 0 || modes.length === 1 ? [] : [modeButtons(modes, mode, options)]),
    ...(bytes.byteLength === 0 ? [] : [copy]),
    ...(options.actions ?? []),
  ]);
  const body = bytes.byteLength === 0 ? [] : [content({ bytes, text, rows, mode, label: options.label })];
  return element('div', { class: 'bytes' }, [tools, ...body]);
}

function modeButtons(
  modes: readonly BytesMode[],
  chosen: BytesMode | undefined,
  { label, choose }: BytesViewOptions,
): HTMLElement {
  const names = { text: l10n.t('Text'), rows: l10n.t('Rows'), hex: l10n.t('Hex') };
  return element(
    'span',
    { class: 'modes', attributes: { role: 'group', 'aria-label': l10n.t('{0} as', label) } },
    modes.map((mode) =>
      element('button', {
        class: 'mode',
        text: names[mode],
        attributes: { type: 'button', 'aria-pressed': String(mode === chosen) },
        onClick: () => choose(mode),
      }),
    ),
  );
}

function content(shown: {
  readonly bytes: TracedBytes;
  readonly text: string | undefined;
  readonly rows: TextRows | undefined;
  readonly mode: BytesMode | undefined;
  readonly label: string;
}): HTMLElement {
  const { bytes, text, rows, mode, label } = shown;
  if (mode === 'rows' && rows !== undefined) return table(rows, label);
  const lines = mode === 'text' && text !== undefined ? text : hexText(bytes);
  return element('pre', {
    class: 'content',
    text: lines,
    attributes: { tabindex: '0', role: 'group', 'aria-label': label },
  });
}

function table({ columns, rows, isCut }: TextRows, label: string): HTMLElement {
  const heads = columns.map((name) => element('th', { text: name, attributes: { scope: 'col' } }));
  const lines = rows.map((row) =>
    element(
      'tr',
      {},
      row.map((text) =>
        text === null ? element('td', { class: 'null', text: 'NULL' }) : element('td', { text: text ?? '' }),
      ),
    ),
  );
  const more = isCut ? [element('p', { class: 'more', text: l10n.t('There is more than is shown.') })] : [];
  return element(
    'div',
    { class: 'content', attributes: { tabindex: '0', role: 'group', 'aria-label': label } },
    [
      element('table', {}, [element('thead', {}, [element('tr', {}, heads)]), element('tbody', {}, lines)]),
      ...more,
    ],
  );
}

import * as l10n from '@vscode/l10n';
import type {
  ChainRunView,
  ChainStepView,
  ChosenInput,
  EndedStep,
} from '../../wasm-core/protocol/chain-page.ts';
import type { ChainStepResult, TracedBytes } from '../../wasm-core/protocol/chains.ts';
import { counted, durationText } from '../../wasm-core/protocol/figures.ts';
import { element } from '../dom.ts';
import { isWhole } from './bytes-of.ts';
import { type BytesMode, bytesView } from './bytes-view.ts';

/** What a card shows of a step, and what it does. */
export interface StepCardOptions {
  readonly step: ChainStepView;
  readonly run: ChainRunView | undefined;
  readonly chosen: ChosenInput | undefined;
  /** The input as the user writes it; undefined: it is as it was. */
  readonly draft: string | undefined;
  /** What it used, when it has ended while others still run; what it gave comes with the rest. */
  readonly ended: EndedStep | undefined;
  /** `queued`: steps before it run. `waiting`: it has not run, and neither has what its input comes from. */
  readonly state: 'idle' | 'running' | 'queued' | 'waiting';
  /** Whether something runs. */
  readonly isBusy: boolean;
  readonly mode: (of: 'input' | 'output') => BytesMode | undefined;
  readonly setMode: (of: 'input' | 'output', mode: BytesMode) => void;
  readonly setDraft: (text: string | undefined) => void;
  /** Notes what is typed, without drawing. */
  readonly typed: (text: string) => void;
  readonly start: () => void;
  readonly chooseInput: () => void;
  readonly copy: (text: string) => void;
}

/** A step of a chain: what it is, what it was given and gave, and what it used. */
export function stepCard(options: StepCardOptions): HTMLElement {
  const { step, run, state } = options;
  const id = `step-${step.number}`;
  const hasFailed = run?.error !== undefined;
  const result = run?.result ?? options.ended?.result;
  const head = element('header', { class: 'step-head' }, [
    element('h2', { text: `${step.number}. ${step.name}`, attributes: { id } }),
    element('span', { class: 'kind', text: step.kind === 'sql' ? 'SQL' : l10n.t('plugin {0}', step.text) }),
    element('span', { class: 'figures', text: result === undefined ? noteText(state) : figuresText(result) }),
    startButton(options),
  ]);
  return element(
    'section',
    {
      class: hasFailed ? 'step failed' : 'step',
      attributes: { 'aria-labelledby': id, 'aria-busy': String(state === 'running') },
    },
    [
      head,
      ...(step.kind === 'sql' ? [element('pre', { class: 'sql', text: step.text })] : []),
      ...inputPart(options),
      ...logPart(run),
      ...(run?.output === undefined ? [] : [bytesPart('output', run.output, options)]),
      ...(run?.error === undefined ? [] : [errorPart(run.error)]),
    ],
  );
}

function noteText(state: StepCardOptions['state']): string {
  switch (state) {
    case 'running':
      return l10n.t('Running…');
    case 'queued':
      return l10n.t('Waits for the steps before it');
    case 'waiting':
      return l10n.t('Not run');
    case 'idle':
      return '';
  }
}

function startButton({ step, state, isBusy, start }: StepCardOptions): HTMLElement {
  const text = step.number === 1 ? l10n.t('Run') : l10n.t('Rerun from here');
  const label = step.number === 1 ? l10n.t('Run all steps') : l10n.t('Rerun from step {0}', step.number);
  const button = element('button', {
    class: 'button',
    text,
    attributes: { type: 'button', id: `start-${step.number}`, title: label },
    onClick: start,
  });
  button.disabled = isBusy || state === 'waiting';
  return button;
}

function inputPart(options: StepCardOptions): HTMLElement[] {
  const { step, run, chosen, draft, state } = options;
  if (draft !== undefined) return [draftPart(options, draft)];
  const file = action(l10n.t('Choose File…'), options.chooseInput);
  if (chosen !== undefined) {
    const label = l10n.t('Input from {0}', chosen.name);
    const write = action(l10n.t('Write It Here'), () => options.setDraft(textOf(chosen.input) ?? ''));
    return [bytesPart('input', chosen.input, options, { label, actions: [file, write] })];
  }
  if (run === undefined || state === 'waiting') return [];
  const text = textOf(run.input);
  const edit = text === undefined ? [] : [action(l10n.t('Edit'), () => options.setDraft(text))];
  const actions = step.number === 1 ? [...edit, file] : edit;
  return [bytesPart('input', run.input, options, { label: l10n.t('Input'), actions })];
}

/** The input where it is written. */
function draftPart(options: StepCardOptions, draft: string): HTMLElement {
  const { step, run, typed, start } = options;
  const id = `draft-${step.number}`;
  const text = element('textarea', { class: 'draft', attributes: { id, rows: '5', spellcheck: 'false' } });
  text.value = draft;
  text.addEventListener('input', () => typed(text.value));
  text.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!options.isBusy) start();
  });
  const undo = run === undefined ? [] : [action(l10n.t('As It Was'), () => options.setDraft(undefined))];
  const label = element('h3', {}, [element('label', { text: l10n.t('Input'), attributes: { for: id } })]);
  const file = action(l10n.t('Choose File…'), options.chooseInput);
  const tools = element('div', { class: 'bytes-tools' }, [
    label,
    element('span', { class: 'size', text: l10n.t('Ctrl+Enter runs it') }),
    file,
    ...undo,
  ]);
  return element('div', { class: 'bytes' }, [tools, text]);
}

function bytesPart(
  of: 'input' | 'output',
  bytes: TracedBytes,
  { mode, setMode, copy }: StepCardOptions,
  more: { readonly label: string; readonly actions?: readonly HTMLElement[] } = { label: l10n.t('Output') },
): HTMLElement {
  return bytesView(bytes, { ...more, mode: mode(of), choose: (chosen) => setMode(of, chosen), copy });
}

function logPart(run: ChainRunView | undefined): HTMLElement[] {
  const lines = (run?.logs ?? []).map(({ level, text }) => `${level}: ${text}`);
  if (lines.length === 0) return [];
  const attributes = { tabindex: '0', role: 'group', 'aria-label': l10n.t('Log') };
  return [
    element('div', { class: 'bytes' }, [
      element('div', { class: 'bytes-tools' }, [element('h3', { text: l10n.t('Log') })]),
      element('pre', { class: 'content', text: lines.join('\n'), attributes }),
    ]),
  ];
}

function errorPart({ kind, message }: NonNullable<ChainRunView['error']>): HTMLElement {
  return element('div', { class: 'step-error', attributes: { role: 'alert' } }, [
    element('span', { class: 'error-kind', text: kind }),
    element('pre', { text: message, attributes: { tabindex: '0' } }),
  ]);
}

function figuresText(result: ChainStepResult): string {
  const time = durationText(result.micros);
  if (result.sql !== undefined)
    return [time, counted(result.rows, l10n.t('{0} row'), l10n.t('{0} rows'))].join(', ');
  const { fuel, pages, lane } = result;
  return [
    time,
    ...(fuel === undefined ? [] : [l10n.t('{0} fuel', fuel.toLocaleString('en-US'))]),
    counted(pages, l10n.t('{0} page of memory'), l10n.t('{0} pages of memory')),
    lane === 'short' ? l10n.t('short lane') : l10n.t('long lane'),
  ].join(', ');
}

/** The text of bytes that are all here; undefined for others. */
function textOf(bytes: TracedBytes): string | undefined {
  return 'utf8' in bytes.head && isWhole(bytes) ? bytes.head.utf8 : undefined;
}

function action(text: string, onClick: () => void): HTMLElement {
  return element('button', { class: 'link', text, attributes: { type: 'button' }, onClick });
}

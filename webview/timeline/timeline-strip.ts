import * as l10n from '@vscode/l10n';
import { durationText, percentText } from '../../wasm-core/protocol/figures.ts';
import {
  addTimelines,
  RUN_PHASES,
  type RunPhase,
  type Timeline,
  timelineMicros,
} from '../../wasm-core/protocol/timeline.ts';
import { element } from '../dom.ts';

/** Where the time of a result went: a button with its duration, which shows a bar and a table of the phases. */
export class TimelineStrip {
  /** Says how long the statement took. */
  readonly button: HTMLElement;
  /** Empty while it is closed. */
  readonly node: HTMLElement;
  #timeline: Timeline;

  /**
   * @param id of its element, different from every other of the page
   * @param options.micros what the statement took
   */
  constructor(id: string, { micros, timeline }: { readonly micros: number; readonly timeline: Timeline }) {
    this.#timeline = timeline;
    this.node = element('div', { class: 'timeline', attributes: { id } });
    this.node.hidden = true;
    this.button = element('button', {
      class: 'link duration',
      text: durationText(micros),
      attributes: {
        type: 'button',
        title: l10n.t('Show where the time went'),
        'aria-expanded': 'false',
        'aria-controls': id,
      },
      onClick: () => this.#toggle(),
    });
  }

  /** Notes what it took to show the first rows. */
  rendered(micros: number): void {
    this.#timeline = addTimelines(this.#timeline, { render: Math.round(micros) });
    if (!this.node.hidden) this.#draw();
  }

  #toggle(): void {
    this.node.hidden = !this.node.hidden;
    this.button.setAttribute('aria-expanded', String(!this.node.hidden));
    if (!this.node.hidden) this.#draw();
  }

  #draw(): void {
    const whole = timelineMicros(this.#timeline);
    const taken = RUN_PHASES.flatMap((phase) => {
      const micros = this.#timeline[phase] ?? 0;
      return micros > 0 ? [{ phase, micros }] : [];
    });
    const bar = element(
      'div',
      { class: 'timeline-bar', attributes: { 'aria-hidden': 'true' } },
      taken.map(({ phase, micros }) => {
        const [name] = phaseTexts()[phase];
        const title = `${name}: ${durationText(micros)}`;
        const part = element('span', { class: `timeline-part ${phase}`, attributes: { title } });
        part.style.flexGrow = String(micros);
        return part;
      }),
    );
    const rows = taken.map(({ phase, micros }) => phaseRow(phase, { micros, whole }));
    const all = element('tr', { class: 'timeline-all' }, [
      element('th', { text: l10n.t('All of it'), attributes: { scope: 'row' } }),
      element('td', { class: 'figure', text: durationText(whole) }),
      element('td'),
      element('td', { text: l10n.t('from pressing Run to seeing rows') }),
    ]);
    this.node.replaceChildren(
      bar,
      element('table', { attributes: { 'aria-label': l10n.t('Where the time went') } }, [
        element('tbody', {}, [...rows, all]),
      ]),
    );
  }
}

function phaseRow(
  phase: RunPhase,
  { micros, whole }: { readonly micros: number; readonly whole: number },
): HTMLElement {
  const [name, meaning] = phaseTexts()[phase];
  return element('tr', {}, [
    element('th', { attributes: { scope: 'row' } }, [
      element('span', { class: `timeline-key ${phase}`, attributes: { 'aria-hidden': 'true' } }),
      document.createTextNode(name),
    ]),
    element('td', { class: 'figure', text: durationText(micros) }),
    element('td', { class: 'figure share', text: percentText(micros, whole) }),
    element('td', { class: 'meaning', text: meaning }),
  ]);
}

/** What each phase is, for people: its name, and what happens in it. */
function phaseTexts(): Readonly<Record<RunPhase, readonly [name: string, meaning: string]>> {
  return {
    compile: [l10n.t('Compile'), l10n.t('waiting for plugins whose sources were being compiled')],
    queue: [l10n.t('Queue'), l10n.t('behind other runs of the session')],
    parse: [l10n.t('Parse'), l10n.t('statements, the comments above them, parameters')],
    fetch: [l10n.t('Fetch'), l10n.t('files of a network, or rows that were kept')],
    bind: [l10n.t('Bind'), l10n.t('the engine reads, binds and plans the statement')],
    run: [l10n.t('Run'), l10n.t('the engine computes')],
    functions: [l10n.t('Functions'), l10n.t('inside plugin functions')],
    transfer: [l10n.t('Transfer'), l10n.t('batches between the engine and the plugins')],
    write: [l10n.t('Write'), l10n.t('rows to the results file')],
    connection: [l10n.t('Connection'), l10n.t('between the editor and the host')],
    render: [l10n.t('Render'), l10n.t('getting and showing the first rows')],
  };
}

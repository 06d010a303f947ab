import * as l10n from '@vscode/l10n';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import type { FromWasmPage, WasmOverview } from '../../wasm-core/protocol/wasm-viewer.ts';
import { element } from '../dom.ts';
import { bytesText } from './byte-text.ts';
import { CallsView } from './calls-view.ts';
import { button, CodeView } from './code-view.ts';
import { ComparisonView } from './comparison-view.ts';
import { listTitle } from './list-texts.ts';
import { OverviewView } from './overview-view.ts';
import type { UncheckedMessage } from './parse-wasm-message.ts';
import { RowTable } from './row-table.ts';
import { Tabs, type TabView } from './tabs.ts';
import { createWasmAsker, type WasmAsker } from './wasm-asker.ts';

const TABS = ['overview', 'functions', 'exports', 'imports', 'code', 'calls', 'comparison'] as const;

type TabName = (typeof TABS)[number];

/** The page that shows a `.wasm` file: tabs for what it has, and one function that code and calls are about. */
export class ViewerApp {
  readonly #send: (message: FromWasmPage) => void;
  readonly #asker: WasmAsker;
  readonly #tabs = new Tabs<TabName>(TABS, l10n.t('What is shown'), tabTitles());
  readonly #title = element('h1', { class: 'title', text: l10n.t('WebAssembly module') });
  readonly #size = element('span', { class: 'quiet' });
  readonly #notice = element('p', { class: 'told', attributes: { role: 'status', hidden: '' } });
  readonly #goTo: HTMLInputElement;
  readonly #back: HTMLButtonElement;
  /** Functions that were shown before, the last one at the end. */
  readonly #history: number[] = [];
  #function: number | undefined;

  /** @param send takes messages for the extension */
  constructor(root: HTMLElement, send: (message: FromWasmPage) => void) {
    this.#send = send;
    this.#asker = createWasmAsker(send);
    this.#goTo = element('input', {
      class: 'input',
      attributes: {
        type: 'search',
        placeholder: l10n.t('Go to function: name or index'),
        'aria-label': l10n.t('Go to function, by name or index'),
        spellcheck: 'false',
      },
    });
    this.#goTo.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') void this.#goToNamed(this.#goTo.value.trim());
    });
    this.#back = element('button', {
      class: 'button',
      text: l10n.t('Back'),
      attributes: { type: 'button', disabled: '' },
    });
    this.#back.addEventListener('click', () => this.#goBack());
    root.append(
      element('div', { class: 'viewer' }, [
        element('header', { class: 'bar' }, [
          this.#title,
          this.#size,
          this.#back,
          this.#goTo,
          button(l10n.t('Compare…'), () => send({ type: 'compare' })),
          button(l10n.t('Copy as WAT'), () => send({ type: 'copyWat' })),
        ]),
        this.#tabs.list,
        this.#notice,
        this.#tabs.body,
      ]),
    );
  }

  /** Acts on a message of the extension. */
  receive(message: UncheckedMessage): void {
    switch (message.type) {
      case 'opened':
        this.#opened(message.name);
        break;
      case 'answer':
        this.#asker.take(message.id, message.answer);
        break;
      case 'refused':
        this.#asker.refuse(message.id, message.message);
        break;
      case 'compared':
        this.#tabs.set('comparison', new ComparisonView(message.comparison, this.#context()));
        this.#tabs.choose('comparison');
        break;
      case 'show':
        this.#show(message.function);
        break;
      case 'notice':
        this.#tell(message.message, message.isError);
        break;
      default:
        assertNever(message);
    }
  }

  #context() {
    return { asker: this.#asker, show: (index: number) => this.#show(index) };
  }

  /** The file is new: everything is asked for again, and the function that was shown is looked at again. */
  #opened(name: string): void {
    this.#title.textContent = name;
    this.#notice.hidden = true;
    this.#tabs.set('overview', sentence(l10n.t('Reading the file…')));
    this.#tabs.set('comparison', sentence(l10n.t('Choose Compare… to see what differs from another file.')));
    this.#asker.ask({ kind: 'overview' }).then(
      (overview) => this.#showOverview(overview),
      (error: unknown) => this.#tabs.set('overview', failure(error)),
    );
  }

  #showOverview(overview: WasmOverview): void {
    this.#size.textContent = bytesText(overview.byteLength);
    const context = this.#context();
    this.#tabs.set('overview', new OverviewView(overview, context.show));
    for (const list of ['functions', 'exports', 'imports'] as const) {
      const table = new RowTable(list, context);
      this.#tabs.set(list, table);
      table.reset();
    }
    const index = this.#function;
    const isThere = index !== undefined && index < overview.functionCount;
    this.#history.length = 0;
    this.#back.disabled = true;
    if (isThere) this.#showFunction(index);
    else for (const tab of ['code', 'calls'] as const) this.#tabs.set(tab, chooseFunction());
  }

  /** Shows a function's code, and remembers the one before. */
  #show(index: number): void {
    if (this.#function !== undefined && this.#function !== index) this.#history.push(this.#function);
    this.#back.disabled = this.#history.length === 0;
    this.#showFunction(index);
    this.#tabs.choose('code');
  }

  #goBack(): void {
    const index = this.#history.pop();
    this.#back.disabled = this.#history.length === 0;
    if (index !== undefined) this.#showFunction(index);
    this.#tabs.choose('code');
  }

  #showFunction(index: number): void {
    this.#function = index;
    const code = new CodeView(index, this.#asker, {
      show: (other) => this.#show(other),
      showCalls: () => this.#tabs.choose('calls'),
      copy: (other) => this.#send({ type: 'copyWat', function: other }),
      tell: (message) => this.#tell(message, false),
    });
    this.#tabs.set('code', code);
    // Who calls whom costs reading all code, so it waits until somebody looks.
    this.#tabs.set(
      'calls',
      lazily(() => new CallsView(index, this.#asker, (other) => this.#show(other)).node),
    );
  }

  async #goToNamed(text: string): Promise<void> {
    if (text === '') return;
    try {
      const found = await this.#asker.ask({ kind: 'named', text });
      if (found.function >= 0) this.#show(found.function);
      else this.#tell(l10n.t('There is no function “{0}”.', text), true);
    } catch (error) {
      this.#tell(error instanceof Error ? error.message : String(error), true);
    }
  }

  #tell(message: string, isError: boolean): void {
    this.#notice.textContent = message;
    this.#notice.classList.toggle('problem', isError);
    this.#notice.hidden = false;
  }
}

function tabTitles(): Readonly<Record<TabName, string>> {
  return {
    overview: l10n.t('Overview'),
    functions: listTitle('functions'),
    exports: listTitle('exports'),
    imports: listTitle('imports'),
    code: l10n.t('Code'),
    calls: l10n.t('Calls'),
    comparison: l10n.t('Comparison'),
  };
}

function chooseFunction(): TabView {
  return sentence(
    l10n.t('Choose a function: in Functions or Exports, in the picture of sizes, or by its name above.'),
  );
}

function sentence(text: string): TabView {
  return { node: element('p', { class: 'sentence', text }) };
}

function failure(error: unknown): TabView {
  const text = error instanceof Error ? error.message : String(error);
  return { node: element('p', { class: 'problem', text, attributes: { role: 'alert' } }) };
}

/** A view that is made when it is first shown. */
function lazily(make: () => HTMLElement): TabView {
  const node = element('div', { class: 'lazy' });
  return {
    node,
    shown: () => {
      if (node.childElementCount === 0) node.append(make());
    },
  };
}

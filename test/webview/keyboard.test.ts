import assert from 'node:assert/strict';
import type { ResultsPage } from '../support/results-page/results-page.ts';
import { useResultsPage } from '../support/results-page/suite.ts';

const RUNS = [
  { id: '2', title: 'by month', detail: '12 rows, 12:00:05', isPinned: false },
  { id: '1', title: 'flights', detail: '1 row, 12:00:03', isPinned: true },
];

/** States of the page, and how one gets there. */
const STATES: Readonly<
  Record<string, (suite: ReturnType<typeof useResultsPage>, view: ResultsPage) => Promise<void>>
> = {
  'rows that are filtered': async (suite, view) => {
    await suite.show(view, "select i % 7 as n, 'text ' || i % 3 as t from range(5000) r(i)");
    await view.drawn();
    await view.cell(2, 1).click({ button: 'right' });
    await view.page.getByRole('menuitem', { name: 'Only “text 2”' }).click();
    await view.page.getByText('1,666 of 5,000 rows').waitFor();
    await view.cell(1, 1).click();
  },
  'a search': async (suite, view) => {
    await suite.show(view, "select i as n, 'text ' || i as t from range(500) r(i)");
    await view.drawn();
    await view.page.getByRole('grid').press('Control+f');
    await view.page.getByRole('textbox', { name: 'Find' }).fill('49');
    await view.page.keyboard.press('Enter');
    await view.page.getByText(/^\d+ of \d+/).waitFor();
  },
  'a summary': async (suite, view) => {
    await suite.show(view, "select i % 7 as n, 'text ' || i % 3 as t from range(5000) r(i)");
    await view.page.getByRole('tab', { name: 'Summary' }).click();
    await view.page.getByRole('button', { name: /^text 2/ }).waitFor();
  },
  'a chart': async (suite, view) => {
    await suite.show(view, "select i % 7 as n, 'text ' || i % 3 as t from range(5000) r(i)");
    await view.page.getByRole('tab', { name: 'Chart' }).click();
    await view.page.locator('.chart canvas').waitFor();
  },
  'a plan': async (suite, view) => {
    await suite.explain(
      view,
      'select count(*) from range(1000) a(i) join range(50) b(i) using (i)',
      'analyze',
    );
    await view.page.getByRole('treeitem').first().waitFor();
  },
  'several results, and an error': async (suite, view) => {
    await view.post({ type: 'runs', runs: RUNS, chosen: '2' });
    await suite.show(view, 'select 1 as a; select 2 as b; create or replace table t as select 1 as a');
  },
  'a failure': (_, view) =>
    view.post({ type: 'failed', message: 'no such table', details: { start: 0, end: 1 } }),
  'rows that are gone': (_, view) => view.post({ type: 'gone', title: 'select 42', isRestricted: false }),
  'a run under way': (_, view) => view.post({ type: 'running', title: 'select 42' }),
};

describe('the results page by keyboard alone', function () {
  this.timeout(180_000);
  const suite = useResultsPage();

  for (const [state, enter] of Object.entries(STATES)) {
    it(`reaches everything of ${state} by Tab and arrows, and loses the focus by nothing`, async () => {
      const view = await suite.open({ width: 1100, height: 700 });
      await enter(suite, view);
      const names = await tabStops(view);
      assert.deepEqual(await view.page.evaluate(unreached), []);
      for (const [index, name] of names.entries()) {
        if (!name.startsWith('button ')) continue;
        await view.page.reload();
        await view.page.locator('main *').first().waitFor();
        await enter(suite, view);
        await goTo(view, index);
        await view.page.keyboard.press('Enter');
        await view.page.waitForTimeout(150);
        assert.ok(await view.page.evaluate(hasFocus), `${name} of ${state} lost the focus`);
      }
    });
  }
});

/** Goes through the page with Tab. @returns what it stops at, as its role and name */
async function tabStops(view: ResultsPage): Promise<string[]> {
  await view.page.evaluate(begin);
  const names: string[] = [];
  for (let stop = 0; stop < 200; stop++) {
    await view.page.keyboard.press('Tab');
    const name = await view.page.evaluate(noteStop);
    if (name === undefined) return names;
    names.push(name);
  }
  return assert.fail(`Tab comes to no end: ${names.slice(-5).join(', ')}`);
}

async function goTo(view: ResultsPage, index: number): Promise<void> {
  await view.page.evaluate(begin);
  for (let stop = 0; stop <= index; stop++) await view.page.keyboard.press('Tab');
}

/** Runs in the page, as do the others: the next Tab goes to its first stop. */
function begin(): void {
  for (const node of document.querySelectorAll('[data-stop]')) node.removeAttribute('data-stop');
  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute('tabindex');
}

/** @returns undefined at the end of the page, and where Tab has come around */
function noteStop(): string | undefined {
  const node = document.activeElement;
  if (node === null || node === document.body || node.hasAttribute('data-stop')) return undefined;
  node.setAttribute('data-stop', '');
  const name = node.getAttribute('aria-label') ?? node.textContent ?? '';
  return `${node.getAttribute('role') ?? node.localName} ${name.trim().slice(0, 40)}`;
}

/** What can be used and was no stop, unless arrows lead to it from one that was. */
function unreached(): string[] {
  const usable =
    'button:not([disabled]), select, input, textarea, a[href], summary, [role=tab], [role=treeitem]';
  return [...document.querySelectorAll<HTMLElement>(usable)]
    .filter((node) => node.checkVisibility() && !node.hasAttribute('data-stop'))
    .filter((node) => {
      const group = node.closest('[role=tablist], [role=tree], [role=grid], [role=menu], [role=radiogroup]');
      return group === null || !(group.hasAttribute('data-stop') || group.querySelector('[data-stop]'));
    })
    .map((node) => node.getAttribute('aria-label') ?? node.textContent ?? node.localName);
}

function hasFocus(): boolean {
  return document.activeElement !== null && document.activeElement !== document.body;
}

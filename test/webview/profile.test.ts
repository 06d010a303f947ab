import assert from 'node:assert/strict';
import type { ModuleProfile, ProfileResult } from '../../wasm-core/protocol/profile.ts';
import type { ToProfilePage } from '../../wasm-core/protocol/profile-page.ts';
import { eventually } from '../support/eventually.ts';
import { faultsOf } from '../support/results-page/axe.ts';
import { type ProfilePage, useProfilePages } from '../support/results-page/message-page.ts';
import { outOfReach } from '../support/results-page/reachable.ts';
import { THEMES, type Theme } from '../support/results-page/themes.ts';

const FUNCTIONS: readonly (readonly [name: string, calls: number, self: number, total: number])[] = [
  ['plugins/text/slug', 1000, 20_000, 100_000],
  ['~lib/string/String#concat', 5000, 30_000, 70_000],
  ['~lib/rt/new', 9000, 40_000, 40_000],
  ['plugins/text/helper<img src=x onerror=alert(1)>', 10, 10_000, 10_000],
  ['plugins/text/unused', 0, 0, 0],
];

function moduleProfile(): ModuleProfile {
  const functions = FUNCTIONS.map(([name, calls, selfFuel, totalFuel], at) => ({
    index: at + 2,
    name,
    ...(name.startsWith('plugins') && {
      place: { file: 'plugins/text.ts', path: '/w/plugins/text.ts', line: 5 + at, column: 3 },
    }),
    calls,
    selfFuel,
    totalFuel,
    executedBytes: calls === 0 ? 0 : 75,
    reachableBytes: 100,
    ranges: [],
  }));
  const call = (fn: number, parent: number, calls: number, selfFuel: number) => ({
    function: fn,
    parent,
    calls,
    selfFuel,
    totalFuel: 0,
  });
  const calls = [
    call(-1, -1, 0, 0),
    call(2, 0, 1000, 20_000),
    call(3, 1, 5000, 30_000),
    call(4, 2, 9000, 40_000),
    call(5, 1, 10, 10_000),
  ];
  return { module: 'text', digest: '', fuel: 100_000, outsideFuel: 0, functions, calls };
}

const PROFILE: ProfileResult = { fuel: 100_000, modules: [moduleProfile()] };
const MESSAGE: ToProfilePage = {
  type: 'profile',
  title: 'Profile of select slug(name) from t',
  profile: PROFILE,
};

describe('the profile page', function () {
  this.timeout(120_000);
  const pages = useProfilePages();
  async function open(message: ToProfilePage = MESSAGE, theme?: Theme): Promise<ProfilePage> {
    const view = await pages.open({ theme });
    await view.post(message);
    return view;
  }
  const flame = ({ page }: ProfilePage, name: string) => page.getByRole('treeitem', { name });

  it('has all its controls in reach at 200 %', async () => {
    const view = await pages.open({ size: { width: 500, height: 400 } });
    await view.post(MESSAGE);
    await flame(view, 'slug').waitFor();
    assert.deepEqual(await outOfReach(view), [], 'profile');
  });

  for (const theme of THEMES) {
    it(`breaks no rule of axe in ${theme.name}`, async () => {
      const view = await open({ type: 'running', title: 'Profile of select 42' }, theme);
      const faults: string[] = await faultsOf(view, 'running');
      await view.post({ type: 'failed', message: 'no such table' });
      faults.push(...(await faultsOf(view, 'failed')));
      await view.post(MESSAGE);
      await flame(view, 'slug').waitFor();
      faults.push(...(await faultsOf(view, 'profile')));
      await flame(view, 'String#concat').click();
      faults.push(...(await faultsOf(view, 'zoomed')));
      const folder = process.env.QUERN_SCREENSHOTS;
      if (folder !== undefined) {
        await view.page.keyboard.press('Escape');
        await view.page.screenshot({ path: `${folder}/profile-${theme.name}.png` });
      }
      assert.deepEqual(faults, []);
    });
  }

  it('draws functions as wide as their fuel, callers above what they call', async () => {
    const view = await open();
    // What is drawn anew for its width is nowhere for a moment.
    const boxOf = (name: string) =>
      eventually(`${name} is drawn`, async () => (await flame(view, name).boundingBox()) ?? undefined);
    const [slug, concat, fresh, helper] = await Promise.all(
      ['slug', 'concat', 'rt/new', 'helper'].map(boxOf),
    );
    assert.ok(slug && concat && fresh && helper);
    assert.ok(Math.abs(concat.width / slug.width - 0.7) < 0.01);
    assert.ok(Math.abs(helper.width / slug.width - 0.1) < 0.01);
    assert.ok(slug.y < concat.y && concat.y < fresh.y && concat.y === helper.y);
    assert.equal(Math.round(helper.x), Math.round(concat.x + concat.width));
  });

  it('can be walked with the keyboard, which zooms and asks for sources', async () => {
    const view = await open();
    const { page } = view;
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? '');
    await flame(view, 'Total').or(flame(view, 'total')).first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.match(
      await focused(),
      /^plugins\/text\/slug, 100,000 fuel, 100 % of all, 20,000 its own, 1,000 calls$/,
    );
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    assert.match(await focused(), /^plugins\/text\/helper/);
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    assert.match(await focused(), /concat/, 'the focus stays where it was');
    const whole = await flame(view, 'slug').boundingBox();
    const zoomed = await flame(view, 'concat').boundingBox();
    assert.equal(zoomed?.width, whole?.width);
    assert.equal(await flame(view, 'helper').count(), 0);
    await page.keyboard.press('Escape');
    assert.equal(await flame(view, 'helper').count(), 1);
    await page.keyboard.press('ArrowUp');
    assert.match(await focused(), /slug/);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('status').getByRole('button', { name: 'Show in editor' }).click();
    const reveals = view.asked.filter(({ type }) => type === 'reveal');
    assert.deepEqual(reveals, [
      { type: 'reveal', module: 0, function: 2 },
      { type: 'reveal', module: 0, function: 2 },
    ]);
  });

  it('lists the functions that were called, in the order that one asks for', async () => {
    const view = await open();
    const names = () => view.page.locator('tbody td.name').allTextContents();
    const short = async () => (await names()).map((name) => name.split('/').at(-1)?.slice(0, 6));
    assert.deepEqual(await short(), ['new', 'String', 'slug', 'helper']);
    await view.page.getByRole('button', { name: 'Total fuel' }).click();
    assert.deepEqual(await short(), ['slug', 'String', 'new', 'helper']);
    const sorted = view.page.locator('th[aria-sort=descending]');
    assert.match((await sorted.textContent()) ?? '', /^Total fuel/);
    const cells = await view.page.locator('tbody tr').first().locator('td').allTextContents();
    assert.deepEqual(cells, ['plugins/text/slug', 'text', '1,000', '20,000 20 %', '100,000 100 %', '75 %']);
    await view.page.getByRole('button', { name: 'plugins/text/slug' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'reveal', module: 0, function: 2 });
  });

  it('shows names of functions as text, whatever they are', async () => {
    const view = await open();
    assert.equal(await view.page.locator('img').count(), 0);
    assert.match((await view.page.locator('tbody').textContent()) ?? '', /<img src=x onerror=alert\(1\)>/);
  });

  it('shows what runs, takes it back, and believes no message that is none', async () => {
    const view = await open({ type: 'running', title: 'Profile of select 42' });
    await view.page.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(view.asked.at(-1), { type: 'cancel' });
    await view.post({ type: 'cancelled' });
    await view.page.getByRole('heading', { name: 'Cancelled' }).waitFor();
    const [module] = PROFILE.modules;
    const endless = { ...module, calls: [{ function: 2, parent: 0, calls: 1, selfFuel: 1, totalFuel: 1 }] };
    for (const profile of [undefined, { fuel: 1 }, { fuel: 1, modules: [endless] }]) {
      await view.post({ ...MESSAGE, profile } as ToProfilePage);
    }
    await view.page.getByRole('heading', { name: 'Cancelled' }).waitFor();
    await view.post({ type: 'profile', title: 'Profile of select 1', profile: { fuel: 0, modules: [] } });
    await view.page.getByText('No plugin function was called.').waitFor();
  });

  it('draws a profile of many functions and deep calls', async () => {
    const [module] = PROFILE.modules;
    assert.ok(module !== undefined);
    const calls = Array.from({ length: 20_000 }, (_, at) => ({
      function: at === 0 ? -1 : 2 + (at % 4),
      // Chains of up to 400 calls.
      parent: at === 0 ? -1 : at % 400 === 1 ? 0 : at - 1,
      calls: 1,
      selfFuel: at === 0 ? 0 : 5,
      totalFuel: 0,
    }));
    const view = await open({ ...MESSAGE, profile: { fuel: 5, modules: [{ ...module, calls }] } });
    await flame(view, 'slug').first().waitFor();
    const drawn = await view.page.getByRole('treeitem').count();
    assert.ok(drawn > 1000 && drawn <= 4000, `${drawn}`);
    // What is too deep to be drawn comes when one looks at a caller.
    const deepest = () => view.page.getByRole('treeitem').last().getAttribute('aria-level');
    const before = Number(await deepest());
    await view.page.getByRole('treeitem').last().click();
    assert.ok(Number(await deepest()) > before, `${before}, then ${await deepest()}`);
  });
});

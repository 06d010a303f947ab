import assert from 'node:assert/strict';
import { LanguageServerFixture } from '../support/language-server.ts';

const GOOD = `/**
 * The text backwards.
 * @udf backwards(text VARCHAR) -> VARCHAR
 */
export function backwards(text) {
  return [...text].reverse().join('');
}
`;

describe('plugins in JavaScript in the editor', () => {
  let server: LanguageServerFixture;
  before(async () => {
    server = await LanguageServerFixture.start({ 'plugins/words.js': GOOD });
  });
  after(() => server.dispose());

  it('are compiled and loaded when they are saved', async () => {
    server.open('plugins/words.js', 'javascript', GOOD);
    server.save('plugins/words.js', GOOD);
    const state = await server.plugin('plugins/words.js', ({ state }) => state === 'loaded');
    assert.deepEqual(
      state.functions.map(({ name, returns }) => [name, returns]),
      [['backwards', 'VARCHAR']],
    );
  });

  it('have their errors underlined while one types, and no more when they are mended', async () => {
    server.change('plugins/words.js', GOOD.replace("join('')", 'join('));
    const [error] = await server.diagnostics('plugins/words.js', (d) => d.length > 0);
    assert.equal(error?.code, 'js/syntax');
    assert.equal(error?.range.start.line, 5);
    server.change('plugins/words.js', GOOD);
    await server.diagnostics('plugins/words.js', (d) => d.length === 0);
  });
});

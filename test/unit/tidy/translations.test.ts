import assert from 'node:assert/strict';
import { manifestKeys, manifestTexts } from '../../support/manifest.ts';
import { readProjectFile } from '../../support/project.ts';
import { projectFiles, sourceFiles } from '../../support/sources.ts';
import { placeholders, translatedTexts } from '../../support/translated-texts.ts';

/** Reports of benchmarks are the command line's, too, which has them in English. */
const SHARED = ['wasm-core/protocol/bench', 'wasm-core/results/bench'];
const texts = ['client', 'webview', ...SHARED].flatMap(sourceFiles).flatMap(translatedTexts);
const messages = [...new Set(texts.flatMap(({ message }) => message ?? []))].sort();
const bundles = projectFiles(['.json']).flatMap(
  (f) => /^l10n\/bundle\.l10n\.([\w-]+)\.json$/.exec(f)?.[1] ?? [],
);

/** The translations of a language, by the English texts. */
function bundleOf(language: string): Readonly<Record<string, string>> {
  return JSON.parse(readProjectFile(`l10n/bundle.l10n.${language}.json`)) as Record<string, string>;
}

/** What a translation must leave as it is: links to commands, and what is set as code. */
function kept(text: string): string[] {
  return [...(text.match(/\]\([^)]+\)|`[^`]+`/g) ?? []), ...placeholders(text)].sort();
}

describe('texts that are translated', () => {
  it('stand in the sources as they are', () => {
    assert.deepEqual(
      texts.filter(({ message }) => message === undefined).map(({ place }) => place),
      [],
    );
  });

  it('are asked for when they are shown, not when their module is loaded', () => {
    assert.deepEqual(
      texts.filter(({ isEarly }) => isEarly).map(({ place }) => place),
      [],
    );
  });

  it('are there in German', () => assert.deepEqual(bundles, ['de']));

  for (const language of bundles) {
    it(`are those of the bundle ${language}, with the same places for values`, () => {
      const bundle = bundleOf(language);
      // In order, so that two people who add texts rarely add them to the same place.
      assert.deepEqual(Object.keys(bundle), messages);
      for (const [message, translation] of Object.entries(bundle)) {
        assert.deepEqual(kept(translation), kept(message), message);
        assert.notEqual(translation.trim(), '', message);
      }
    });
  }
});

describe('pages of the walkthrough', () => {
  const pages = projectFiles(['.md']).filter((file) => /^media\/walkthrough\/[^.]+\.md$/.test(file));
  const code = (text: string) => text.match(/^```[\s\S]*?^```$/gm);

  for (const language of bundles) {
    it(`are there in ${language}, with the same code`, () => {
      for (const page of pages) {
        // The name that VS Code looks for.
        const translated = readProjectFile(page.replace(/\.md$/, `.nls.${language}.md`));
        assert.deepEqual(code(translated), code(readProjectFile(page)), page);
      }
    });
  }
});

describe('texts of the manifest', () => {
  const english = manifestTexts();

  it('are those that it names', () => {
    assert.deepEqual([...new Set(manifestKeys())].sort(), Object.keys(english).sort());
  });

  it('are not written into it', () => {
    const written = /"(?:title|description|markdownDescription|contents|displayName)": "(?!%)([^"]+)"/g;
    const found = [...readProjectFile('package.json').matchAll(written)].map((m) => m[1]);
    // Its own name.
    assert.deepEqual([...new Set(found)], ['Quern']);
  });

  for (const language of bundles) {
    it(`are there in ${language}, with the same links and code`, () => {
      const translated = manifestTexts(language);
      assert.deepEqual(Object.keys(translated), Object.keys(english));
      for (const [key, text] of Object.entries(english))
        assert.deepEqual(kept(translated[key] ?? ''), kept(text), key);
    });
  }
});

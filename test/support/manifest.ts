import { readProjectFile } from './project.ts';

/** The texts of the extension's manifest in a language, by the keys that it names them with. @param language absent: English */
export function manifestTexts(language?: string): Readonly<Record<string, string>> {
  const file = language === undefined ? 'package.nls.json' : `package.nls.${language}.json`;
  return JSON.parse(readProjectFile(file)) as Record<string, string>;
}

/** Every key that the manifest names, as `%key%`, in its order. */
export function manifestKeys(): string[] {
  return [...readProjectFile('package.json').matchAll(/"%([^%"\s]+)%"/g)].map((m) => m[1] ?? '');
}

/** The extension's manifest as an editor in English reads it. */
export function readManifest(): unknown {
  const texts = manifestTexts();
  return JSON.parse(readProjectFile('package.json'), (_, value: unknown) =>
    typeof value === 'string' ? value.replace(/^%(.+)%$/, (_all, key: string) => texts[key] ?? value) : value,
  );
}

import * as l10n from '@vscode/l10n';

/** What `Quern: New Plugin…` writes: files of the SDK's folder `templates`, with the function's name put in. */
export interface PluginTemplate {
  readonly label: string;
  readonly detail: () => string;
  /** The folder in `templates`. */
  readonly language: string;
  /** Paths in that folder, which become paths in the folder `plugins`; the first is opened. */
  readonly files: readonly [string, ...string[]];
  /** A name that suits what the function does. */
  readonly example: string;
}

export const PLUGIN_TEMPLATES: readonly PluginTemplate[] = [
  {
    label: 'AssemblyScript',
    detail: () =>
      l10n.t('A function over text; memory and NULL are taken care of, nothing has to be installed'),
    language: 'assemblyscript',
    files: ['my_function.ts'],
    example: 'shout',
  },
  {
    label: 'JavaScript',
    detail: () => l10n.t('A function over text; slower than the others, nothing has to be installed'),
    language: 'javascript',
    files: ['my_function.js'],
    example: 'initials',
  },
  {
    label: 'WAT',
    detail: () => l10n.t('A function over numbers, instruction by instruction; nothing has to be installed'),
    language: 'wat',
    files: ['my_function.wat'],
    example: 'vector_length',
  },
  {
    label: 'C',
    detail: () => l10n.t('A function over text; needs clang'),
    language: 'c',
    files: ['my_function.c'],
    example: 'echo_text',
  },
  {
    label: 'C++',
    detail: () => l10n.t('A function over numbers; needs clang'),
    language: 'cpp',
    files: ['my_function.cpp'],
    example: 'largest',
  },
  {
    label: 'Rust',
    detail: () => l10n.t('A function over text; needs rustc with the target wasm32-unknown-unknown'),
    language: 'rust',
    files: ['my_function.rs'],
    example: 'backwards',
  },
  {
    label: 'Go',
    detail: () => l10n.t('A folder with a module; needs Go 1.24 or later'),
    language: 'go',
    files: ['my_function/main.go', 'my_function/go.mod'],
    example: 'count_bits',
  },
  {
    label: 'Zig',
    detail: () => l10n.t('A function over numbers; needs zig'),
    language: 'zig',
    files: ['my_function.zig'],
    example: 'common_divisor',
  },
];

/** What stands in a template for the function's name. */
const PLACEHOLDER = /my_function/g;

/**
 * A template's text or path, for a function.
 *
 * @param name lower-case letters, digits and underscores
 */
export function forFunction(template: string, name: string): string {
  return template.replace(PLACEHOLDER, name);
}

/**
 * What an editor's TypeScript needs to understand AssemblyScript, beside the plugins: from the SDK's folder
 * `assemblyscript`, into the folder `plugins`.
 */
export const TYPINGS: readonly { readonly from: string; readonly to: string }[] = [
  { from: 'tsconfig.json', to: 'tsconfig.json' },
  { from: 'assemblyscript.d.ts', to: '.quern/assemblyscript.d.ts' },
  { from: 'quern.d.ts', to: '.quern/quern.d.ts' },
];

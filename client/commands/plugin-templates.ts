/** What `Quern: New Plugin…` writes. */
export interface PluginTemplate {
  readonly label: string;
  readonly detail: string;
  readonly ending: '.ts' | '.wat';
  /** A name that suits what the function does. */
  readonly example: string;
  /** @param name the function's name in SQL */
  readonly source: (name: string) => string;
}

export const PLUGIN_TEMPLATES: readonly PluginTemplate[] = [
  {
    label: 'AssemblyScript',
    detail: 'A function over text; memory and NULL are taken care of',
    ending: '.ts',
    example: 'shout',
    source: assemblyScript,
  },
  {
    label: 'WAT',
    detail: 'A function over numbers, instruction by instruction',
    ending: '.wat',
    example: 'vector_length',
    source: wat,
  },
];

function assemblyScript(name: string): string {
  return `// @ts-nocheck This is AssemblyScript: Quern checks it, and its types are WebAssembly's.

/**
 * The text in capitals, with an exclamation mark: ${name}('hey') is 'HEY!'.
 * @udf
 */
export function ${name}(text: string): string {
  return text.toUpperCase() + '!';
}
`;
}

function wat(name: string): string {
  return `;; The length of the vector (a, b): ${name}(3, 4) is 5.
;; @udf ${name}(a DOUBLE, b DOUBLE) -> DOUBLE
(module
  (func (export "${name}") (param $a f64) (param $b f64) (result f64)
    (f64.sqrt
      (f64.add
        (f64.mul (local.get $a) (local.get $a))
        (f64.mul (local.get $b) (local.get $b))))))
`;
}

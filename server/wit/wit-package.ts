/** A package of WIT in one text, the file that is looked at first. */
export interface WitPackage {
  readonly text: string;
  /** Where the looked-at file ends in it. */
  readonly ownLength: number;
  /** The first world of the looked-at file; one without content is added where it has none. */
  readonly world: string;
}

/** `package ns:name@1.0.0;` as the first thing of a file. */
const HEADER = /^((?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*)package\s+([^\s;{]+)\s*;/;

/** What is added where no world is. */
const NO_WORLD = 'quern-checks-no-world';

/**
 * Puts the files of a package behind each other: tools take one text, and every position of the first stays.
 *
 * @param own text of the file that is looked at
 * @param beside texts of the other files of the package
 * @param dependencies texts of the files of other packages, each with its own `package`
 */
export function witPackage(
  own: string,
  { beside, dependencies }: { readonly beside: readonly string[]; readonly dependencies: readonly string[] },
): WitPackage {
  const name = HEADER.exec(own)?.[2];
  const others = beside.filter((text) => [undefined, name].includes(HEADER.exec(text)?.[2]));
  const world = /(?:^|[\n;}])\s*(?:@[\w-]+\([^)]*\)\s*)*world\s+%?([\w-]+)\s*\{/.exec(
    withoutComments(own),
  )?.[1];
  const parts = [
    own,
    ...others.map((text) => text.replace(HEADER, '')),
    ...(world === undefined ? [`world ${NO_WORLD} {}`] : []),
    ...nested(dependencies),
  ];
  return { text: parts.join('\n'), ownLength: own.length, world: world ?? NO_WORLD };
}

/** Other packages, each as a block of its own; those without a name cannot be named by anybody. */
function nested(dependencies: readonly string[]): string[] {
  const packages = new Map<string, string[]>();
  for (const text of dependencies) {
    const name = HEADER.exec(text)?.[2];
    if (name !== undefined) packages.set(name, [...(packages.get(name) ?? []), text.replace(HEADER, '')]);
  }
  return [...packages].map(([name, texts]) => `package ${name} {\n${texts.join('\n')}\n}`);
}

/** Comments as spaces. */
function withoutComments(text: string): string {
  return text.replace(/\/\/.*|\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '));
}

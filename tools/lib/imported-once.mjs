import path from 'node:path';

/**
 * An esbuild plugin: all of our files that import one of some CommonJS packages share one copy of its exports. esbuild
 * otherwise makes a copy for each importing file, property by property; forty of a package with 700 exports were 14 MiB
 * of memory.
 *
 * @param {readonly string[]} names of packages, as they are imported
 * @returns {import('esbuild').Plugin}
 */
export function importedOnce(names) {
  return {
    name: 'imported-once',
    setup(build) {
      const { absWorkingDir: root } = build.initialOptions;
      build.onResolve({ filter: /^[^.]/ }, ({ path: name, importer, namespace }) => {
        const isOurs = namespace === 'file' && !importer.includes(`${path.sep}node_modules${path.sep}`);
        return isOurs && names.includes(name) ? { path: name, namespace: 'imported-once' } : undefined;
      });
      build.onLoad({ filter: /./, namespace: 'imported-once' }, ({ path: name }) => ({
        contents: `export * from '${name}';`,
        resolveDir: root,
      }));
    },
  };
}

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Files whose bytes go into a package without a bundler's knowing: they count as imports of these packages. */
const COPIED = [
  '@duckdb/duckdb-wasm',
  '@bytecodealliance/jco-transpile',
  '@sqlite.org/sqlite-wasm',
  'pyodide',
];

/** Built by tools/duckdb-extensions out of sources that are in no package of npm's lock file. */
const DUCKDB = `DuckDB's json, parquet and icu extensions
Copyright 2018-2025 Stichting DuckDB Foundation. MIT License, https://github.com/duckdb/duckdb/blob/main/LICENSE
They contain third-party libraries that come with DuckDB's sources, among them yyjson, Thrift, Snappy, zstd, LZ4, Brotli
and ICU, which is under the Unicode License v3, https://www.unicode.org/license.txt.
`;

/** Built by tools/quickjs out of Debian's source package; the other QuickJS is a package of npm. */
const QUICKJS = `QuickJS 2025-04-26, on which plugins in JavaScript are made
Copyright 2017-2021 Fabrice Bellard, 2017-2021 Charlie Gordon. MIT License, https://bellard.org/quickjs/
It is linked with wasi-libc (Apache-2.0 with LLVM exception, MIT), which contains musl (MIT), and with compiler-rt
(Apache-2.0 with LLVM exception).
`;

/** Pyodide's package brings neither licences nor the sources that the MPL asks to name. */
const PYODIDE = `Pyodide is under the Mozilla Public License 2.0, https://mozilla.org/MPL/2.0/; its sources are at
https://github.com/pyodide/pyodide. It contains CPython and its standard library, which are under the Python Software
Foundation License 2, https://docs.python.org/3/license.html, and libraries that come with them.
`;

/**
 * The licences of everything that the bundles contain.
 *
 * @param {string} root the project's folder
 * @param {readonly import('esbuild').Metafile[]} metafiles of all bundles
 * @returns {string} one text for a file
 */
export function thirdPartyNotices(root, metafiles) {
  const names = new Set(COPIED);
  for (const { inputs } of metafiles) {
    for (const input of Object.keys(inputs)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
  const sections = [...names].sort().map((name) => notice(path.join(root, 'node_modules', name)));
  return ['Quern contains the following software.\n', DUCKDB, QUICKJS, PYODIDE, ...sections].join(
    `\n${'-'.repeat(80)}\n\n`,
  );
}

function notice(folder) {
  const { name, version, license, homepage } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const texts = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)(\.(md|txt))?$/i.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  const title = `${name} ${version}, ${license ?? 'see its text'} ${homepage ?? ''}`.trim();
  return `${[title, ...texts].join('\n\n')}\n`;
}

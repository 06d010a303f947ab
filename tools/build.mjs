// Builds everything that runs into dist/: the extension, the language server, the host, the command line, the workers,
// the webview, and the files they load. `--watch` rebuilds on change, `--minify` takes out what only a reader needs.
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { buildId } from './lib/build-id.mjs';
import { checkRules } from './lib/check-rules.mjs';
import { writeEngineFiles } from './lib/engine-exports.mjs';
import { importedOnce } from './lib/imported-once.mjs';
import { thirdPartyNotices } from './lib/notices.mjs';
import { writeSdkPackage } from './lib/sdk-package.mjs';

const root = path.resolve(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const watch = process.argv.includes('--watch');
const minify = process.argv.includes('--minify');

const shared = {
  absWorkingDir: root,
  bundle: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  legalComments: 'none',
  // Names stay: the logs of a packaged host must be readable too.
  minifyWhitespace: minify,
  minifySyntax: minify,
  define: { QUERN_VERSION: JSON.stringify(version), QUERN_BUILD: JSON.stringify(buildId(root)) },
};
const node = { ...shared, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'] };

/** What a CommonJS package expects to be there, for bundles that are ES modules. */
const commonJsNames = [
  "import { createRequire as __createRequire } from 'node:module';",
  "import { fileURLToPath as __toPath } from 'node:url';",
  'const require = __createRequire(import.meta.url);',
  'const __filename = __toPath(import.meta.url);',
  "const __dirname = __toPath(new URL('.', import.meta.url));",
].join('\n');

/** Bundles, by what they are built for. A name without a folder goes to dist/. */
const bundles = [
  {
    ...node,
    // The DuckDB bundle picks its worker's file with a dynamic require; `main` first keeps CommonJS builds whole.
    mainFields: ['main', 'module'],
    outdir: 'dist',
    plugins: [importedOnce(['vscode-languageserver'])],
    // Its loader for ES modules asks for the module's own address, which a CommonJS bundle has not.
    alias: {
      '@jitl/quickjs-wasmfile-release-sync/emscripten-module': path.join(
        root,
        'node_modules/@jitl/quickjs-wasmfile-release-sync/dist/emscripten-module.cjs',
      ),
    },
    entryPoints: {
      extension: 'client/extension.ts',
      server: 'server/main.ts',
      check: 'server/check-main.ts',
      compile: 'server/compile-main.ts',
      host: 'wasm-core/host/main.ts',
      quern: 'wasm-core/host/cli/main.ts',
      'engine-worker': 'wasm-core/sql/duckdb/worker.ts',
      'bench-client': 'wasm-core/host/bench/client-thread.ts',
      'inspect-thread': 'wasm-core/host/inspect-thread.ts',
      'remote-worker': 'wasm-core/sql/remote/node/remote-worker.ts',
      'execution-worker': 'wasm-core/runtime/node/execution-worker.ts',
      'python-sandbox': 'wasm-core/sql/scripts/node/python-sandbox.ts',
    },
  },
  {
    // AssemblyScript and wasm-tools are ES modules with top-level await; wabt is CommonJS inside them.
    ...node,
    format: 'esm',
    outdir: 'dist',
    outExtension: { '.js': '.mjs' },
    banner: { js: commonJsNames },
    // The shim's Node files start a thread of their own for files and sockets, which parsing text never needs.
    alias: Object.fromEntries(
      ['cli', 'filesystem', 'io', 'random'].map((name) => [
        `@bytecodealliance/preview2-shim/${name}`,
        path.join(root, `node_modules/@bytecodealliance/preview2-shim/dist/browser/${name}.js`),
      ]),
    ),
    entryPoints: {
      'assemblyscript-worker': 'server/compilers/assemblyscript-worker.ts',
      'javascript-worker': 'server/compilers/javascript-worker.ts',
      'wat-worker': 'server/compilers/wat-worker.ts',
      'yowasp-clang': 'server/yowasp-main.ts',
    },
  },
  {
    // For plugin authors: `asc --transform`. It finds the compiler that runs it.
    ...node,
    format: 'esm',
    sourcemap: false,
    external: ['assemblyscript'],
    outdir: 'dist/sdk/assemblyscript',
    outExtension: { '.js': '.mjs' },
    entryPoints: { transform: 'wasm-core/sdk/assemblyscript/transform.ts' },
  },
  {
    ...shared,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
    outdir: 'dist/webview',
    entryPoints: {
      results: 'webview/results.ts',
      profile: 'webview/profile.ts',
      chain: 'webview/chain.ts',
      bench: 'webview/bench.ts',
      'wasm-viewer': 'webview/wasm-viewer.ts',
    },
    loader: { '.css': 'css' },
  },
  {
    ...shared,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    minify: true,
    outdir: 'dist/webview',
    entryPoints: { chart: 'webview/chart/bundle.ts' },
  },
];

/** What Python needs of its package, 12 MB; the rest is for browsers and for installing packages. */
const PYODIDE = [
  'package.json',
  'pyodide-lock.json',
  'pyodide.asm.js',
  'pyodide.asm.wasm',
  'pyodide.js',
  'python_stdlib.zip',
];

/** Files that the bundles load at run time: source, target. */
function copyAssets() {
  const jco = path.join(root, 'node_modules/@bytecodealliance/jco-transpile/vendor');
  const quickjs = path.dirname(require.resolve('@jitl/quickjs-wasmfile-release-sync'));
  const pyodide = path.join(root, 'node_modules/pyodide');
  const sqlite = path.join(root, 'node_modules/@sqlite.org/sqlite-wasm/dist');
  const assets = [
    ...PYODIDE.map((name) => [path.join(pyodide, name), `pyodide/${name}`]),
    [path.join(quickjs, 'emscripten-module.wasm'), 'quickjs.wasm'],
    [path.join(root, 'server/compilers/javascript/quickjs-plugin.wasm.br'), 'quickjs-plugin.wasm.br'],
    [path.join(sqlite, 'sqlite3.wasm'), 'sqlite3.wasm'],
    [path.join(jco, 'wasm-tools.core.wasm'), 'wasm-tools.core.wasm'],
    [path.join(jco, 'wasm-tools.core2.wasm'), 'wasm-tools.core2.wasm'],
  ];
  for (const [from, to] of assets) cpSync(from, path.join(root, 'dist', to), { recursive: true });
  writeEngineFiles(root);
  writeSdkPackage(root);
}

if (!watch) rmSync(path.join(root, 'dist'), { recursive: true, force: true });
mkdirSync(path.join(root, 'dist'), { recursive: true });
copyAssets();
const metafiles = [];
for (const bundle of bundles) {
  const options = { ...bundle, metafile: true };
  if (watch) await (await esbuild.context(options)).watch();
  else metafiles.push((await esbuild.build(options)).metafile);
}
writeFileSync(path.join(root, 'dist/check-rules.json'), JSON.stringify(checkRules(root)));
writeFileSync(path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'), thirdPartyNotices(root, metafiles));
if (!watch) chmodSync(path.join(root, 'dist/quern.js'), 0o755);

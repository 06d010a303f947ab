import { readFileSync } from 'node:fs';
import { brotliDecompressSync } from 'node:zlib';
import { compileJavaScript } from './javascript/javascript.ts';
import { serveCompiler } from './node/serve-worker.ts';

/* The thread that compiles JavaScript: dist/javascript-worker.mjs. */

const bytes = new Uint8Array(
  brotliDecompressSync(readFileSync(new URL('./quickjs-plugin.wasm.br', import.meta.url))),
);
const quickJs = { bytes, module: new WebAssembly.Module(bytes) };
serveCompiler(async (request) => compileJavaScript(quickJs, request));

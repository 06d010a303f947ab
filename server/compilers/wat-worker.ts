import { parse } from '@bytecodealliance/jco-transpile/wasm-tools';
import createWabt from 'wabt';
import { serveCompiler } from './node/serve-worker.ts';
import { compileWat } from './wat.ts';

/* The thread that compiles WebAssembly text: dist/wat-worker.mjs. */

const wabt = await createWabt();
serveCompiler(async ({ text }) => ({ ...(await compileWat({ parse, wabt }, text)), places: [] }));

import {
  componentEmbed,
  componentNew,
  componentWit,
  parse,
  print,
} from '@bytecodealliance/jco-transpile/wasm-tools';
import createWabt from 'wabt';
import { checkWit } from '../wit/check-wit.ts';
import { compileComponent } from './component.ts';
import { serveCompiler } from './node/serve-worker.ts';
import { compileWat } from './wat.ts';

/* The thread that compiles WebAssembly text, and takes components apart: dist/wat-worker.mjs. */

const wabt = await createWabt();
serveCompiler(async (request) => {
  const { component, wit } = request;
  const tools = { componentEmbed, componentNew, componentWit, print };
  if (wit !== undefined)
    return { diagnostics: await checkWit(tools, wit.package, wit.components), places: [] };
  const compiled =
    component === undefined
      ? await compileWat({ parse, wabt }, request)
      : await compileComponent(tools, component);
  return { ...compiled, places: [] };
});

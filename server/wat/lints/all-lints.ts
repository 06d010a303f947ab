import type { WatLint } from './lint.ts';
import { watUnusedFunction } from './unused-function.ts';
import { watUnusedGlobal } from './unused-global.ts';
import { watUnusedLocal } from './unused-local.ts';
import { watUnusedType } from './unused-type.ts';

/** Every lint of WebAssembly text, by code. */
export const WAT_LINTS: readonly WatLint[] = [
  watUnusedFunction,
  watUnusedGlobal,
  watUnusedLocal,
  watUnusedType,
];

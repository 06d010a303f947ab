import { commaJoin } from './comma-join.ts';
import type { Lint } from './lint.ts';
import { pluginArgumentType } from './plugin-argument-type.ts';
import { pluginTrap } from './plugin-trap.ts';
import { unionNames } from './union-names.ts';
import { unionOrder } from './union-order.ts';
import { unusedCte } from './unused-cte.ts';

/** Every lint, by code. */
export const LINTS: readonly Lint[] = [
  commaJoin,
  pluginArgumentType,
  pluginTrap,
  unionNames,
  unionOrder,
  unusedCte,
];

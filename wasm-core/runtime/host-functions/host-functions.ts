import { clockFunctions } from './clock.ts';
import { configFunctions } from './config.ts';
import { documentFunctions } from './document.ts';
import { logFunctions } from './log.ts';
import type { HostFunctionOwner, HostFunctions } from './owner.ts';
import { randomFunctions } from './random.ts';
import { stateFunctions } from './state.ts';

/**
 * Every function of the import module `host`, for one instance; `AVAILABLE_IMPORTS` has their types and
 * docs/plugin-abi.md says what they do. What they throw passes through the guest's frames, and was noted with
 * `owner.fail` before.
 */
export function hostFunctions(owner: HostFunctionOwner): HostFunctions {
  return {
    ...logFunctions(owner),
    ...stateFunctions(owner),
    ...documentFunctions(owner),
    ...randomFunctions(owner),
    ...clockFunctions(owner),
    ...configFunctions(owner),
  };
}

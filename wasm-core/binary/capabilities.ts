import { CAPABILITIES, type Capability, type ModuleImport } from '../protocol/plugins.ts';
import { AVAILABLE_IMPORTS } from './available-imports.ts';

/**
 * The capabilities that a module's imports ask for, whether or not its manifest names them. WASI has a clock and random
 * bytes for every program, so its imports ask for none.
 *
 * @returns each once, in the order of `CAPABILITIES`
 */
export function neededCapabilities(module: { readonly imports: readonly ModuleImport[] }): Capability[] {
  const needed = module.imports.map(
    (given) => AVAILABLE_IMPORTS.find((i) => i.module === given.module && i.name === given.name)?.capability,
  );
  return CAPABILITIES.filter((capability) => needed.includes(capability));
}

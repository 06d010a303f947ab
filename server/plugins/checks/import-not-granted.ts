import { AVAILABLE_IMPORTS } from '../../../wasm-core/binary/available-imports.ts';
import { type Capability, DOCUMENT_TYPE } from '../../../wasm-core/protocol/plugins.ts';
import type { PluginCheck, PluginCheckInput, PluginFinding } from './check.ts';

/** What the fix needs to know. */
export interface NotGranted {
  readonly module: string;
  readonly capability: Capability;
}

/** Host functions that the module imports and may not call. */
export const importNotGranted: PluginCheck = {
  code: 'import-not-granted',
  level: 'warning',
  find: (input) => [...importsOf(input), ...wishesOf(input)],
};

function importsOf({ module, manifest, workspace }: PluginCheckInput): PluginFinding[] {
  return module.imports.flatMap((given): PluginFinding[] => {
    const known = AVAILABLE_IMPORTS.find((i) => i.module === given.module && i.name === given.name);
    const capability = known?.capability;
    if (capability === undefined || isGranted(capability, workspace.granted)) return [];
    // Whoever passes the document grants it.
    const takesDocument = manifest?.functions.some((fn) => fn.parameters.some(isDocument));
    if (capability === 'document' && takesDocument) return [];
    const name = `${given.module}.${given.name}`;
    return [
      {
        message: `${name} needs the capability ${capability}, which ${workspace.module} is not granted: a call of it ends the run. ${advice(workspace.module, capability)}`,
        about: { type: 'import', module: given.module, name: given.name },
        data: { module: workspace.module, capability } satisfies NotGranted,
      },
    ];
  });
}

/** What the manifest asks for beside what imports show. */
function wishesOf({ module, manifest, workspace }: PluginCheckInput): PluginFinding[] {
  const shown = module.imports.map(
    (given) => AVAILABLE_IMPORTS.find((i) => i.module === given.module && i.name === given.name)?.capability,
  );
  const wishes = (manifest?.capabilities ?? []).filter(
    (capability) => !shown.includes(capability) && !isGranted(capability, workspace.granted),
  );
  return wishes.map((capability) => ({
    message: `The manifest asks for the capability ${capability}, which ${workspace.module} is not granted. ${advice(workspace.module, capability)}`,
    data: { module: workspace.module, capability } satisfies NotGranted,
  }));
}

function isGranted(capability: Capability, granted: readonly Capability[]): boolean {
  return capability === 'log' || granted.includes(capability);
}

function advice(module: string, capability: Capability): string {
  return `Grant it in quern.json: "capabilities": {${JSON.stringify(module)}: ["${capability}"]}.`;
}

function isDocument({ type }: { readonly type: string }): boolean {
  return type === DOCUMENT_TYPE;
}

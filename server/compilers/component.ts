import { liftedFunctions } from '../../wasm-core/binary/components/component-lifts.ts';
import { pluginOfComponent } from '../../wasm-core/binary/components/component-plugin.ts';
import type { WitWorld } from '../../wasm-core/binary/components/wit-types.ts';
import { readWitWorld } from '../../wasm-core/binary/components/wit-world.ts';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import type { WorkerDiagnostic } from './compile-types.ts';

/** The part of wasm-tools that reads components. */
export interface ComponentTools {
  /** The world of a component as text; throws on bytes that are none. */
  readonly componentWit: (bytes: Uint8Array) => Promise<string>;
  /** A component as text. */
  readonly print: (bytes: Uint8Array) => Promise<string>;
}

/** A plugin made of a component, or what keeps it from being one. */
export interface ComponentResult {
  readonly wasm?: Uint8Array;
  /** Its world as text. */
  readonly world?: string;
  readonly diagnostics: readonly WorkerDiagnostic[];
}

/**
 * Makes a plugin of a component.
 *
 * @returns the module, with a warning for each export that SQL cannot call, or an error
 */
export async function compileComponent(tools: ComponentTools, bytes: Uint8Array): Promise<ComponentResult> {
  let read: ComponentWorld;
  try {
    read = await readWorld(tools, bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      diagnostics: [said('error', 'FORMAT_WASM', `This is no component that can be read: ${reason}`)],
    };
  }
  const { world, text } = read;
  try {
    const { wasm, leftOut } = pluginOfComponent(bytes, world);
    const diagnostics = leftOut.map((reason) =>
      said('warning', 'component/export', `SQL cannot call ${reason}.`),
    );
    return { wasm, world: text, diagnostics };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { world: text, diagnostics: [said('error', error.kind, error.message)] };
  }
}

/** A component's world. */
export interface ComponentWorld {
  /** With the functions of the interfaces of packages that it exports. */
  readonly world: WitWorld;
  readonly text: string;
}

/**
 * Reads a component's world.
 *
 * @throws Error of the tools when the bytes are no component
 */
export async function readWorld(tools: ComponentTools, bytes: Uint8Array): Promise<ComponentWorld> {
  const text = await tools.componentWit(bytes);
  const world = readWitWorld(text);
  if (world.interfaces.length === 0) return { world, text };
  const lifted = liftedFunctions(await tools.print(bytes));
  const ofInterfaces = lifted.filter((fn) => world.interfaces.includes(fn.interface ?? ''));
  return { world: { ...world, exports: [...world.exports, ...ofInterfaces] }, text };
}

function said(severity: WorkerDiagnostic['severity'], code: string, message: string): WorkerDiagnostic {
  return { severity, code, message, start: 0, end: 0 };
}

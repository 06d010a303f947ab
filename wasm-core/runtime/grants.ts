import { CoreError } from '../protocol/errors.ts';
import { CAPABILITIES, type Capability, type ModuleCapabilities } from '../protocol/plugins.ts';

/*
 * Who grants what: `log` is everybody's; a label has what was granted when it was loaded, and only with the bytes that
 * it was granted for; a folder's quern.json grants to names, and with a quern.lock.json beside it only to bytes that
 * somebody has allowed.
 */

/** What the workspace file of a namespace grants. */
export interface WorkspaceGrants {
  /**
   * What it grants now to a module by its label's name, and with a lock file beside it by its bytes; empty without a
   * file.
   */
  grantsFor(namespace: string, name: string, digest: string): readonly Capability[];
}

/** A module under a label, as far as its grants go. */
export interface Grantee {
  readonly namespace: string;
  readonly name: string;
  readonly digest: string;
  readonly capabilities: ModuleCapabilities;
}

/** Granted to every module. */
const ALWAYS: readonly Capability[] = ['log'];

/** What a run of a module may do: what its label was granted, and what its workspace file grants. */
export function runCapabilities(module: Grantee, workspace?: WorkspaceGrants): ReadonlySet<Capability> {
  return new Set([...module.capabilities.granted, ...granted(module, workspace)]);
}

/** A module with what its workspace file grants among `granted`, for a client to see. */
export function withWorkspaceGrants<M extends Grantee>(module: M, workspace?: WorkspaceGrants): M {
  const extra = granted(module, workspace);
  if (extra.length === 0) return module;
  const all = inOrder([...module.capabilities.granted, ...extra]);
  return { ...module, capabilities: { ...module.capabilities, granted: all } };
}

/**
 * `ModuleInfo.capabilities` of a label.
 *
 * @param needed in whatever order
 * @param grants of the label
 */
export function capabilitiesOf(
  needed: readonly Capability[],
  grants: readonly Capability[] = [],
): ModuleCapabilities {
  return { needed: inOrder(needed), granted: inOrder([...ALWAYS, ...grants]) };
}

/**
 * Capabilities by name, as a client or a file gives them.
 *
 * @returns each once, in the order of `CAPABILITIES`, without those that every module has
 * @throws CoreError PARAMS_INVALID that names the known ones
 */
export function parseCapabilities(names: readonly string[]): readonly Capability[] {
  const stranger = names.find((name) => !CAPABILITIES.some((capability) => capability === name));
  if (stranger === undefined) {
    return CAPABILITIES.filter((capability) => names.includes(capability) && !ALWAYS.includes(capability));
  }
  const shown = JSON.stringify(stranger.slice(0, 60));
  const message = `There is no capability ${shown}. There are ${CAPABILITIES.join(', ')}.`;
  throw new CoreError('PARAMS_INVALID', message, { capability: stranger.slice(0, 60) });
}

function granted({ namespace, name, digest }: Grantee, workspace?: WorkspaceGrants): readonly Capability[] {
  return workspace?.grantsFor(namespace, name, digest) ?? [];
}

function inOrder(capabilities: readonly Capability[]): Capability[] {
  return CAPABILITIES.filter((capability) => capabilities.includes(capability));
}

import { CoreError } from '../../../wasm-core/protocol/errors.ts';
import type { ModuleInfo } from '../../../wasm-core/protocol/methods.ts';
import type { PluginFunction } from '../../../wasm-core/protocol/plugins.ts';
import type { TypedValue } from '../../../wasm-core/protocol/typed-values.ts';
import type { HostLink } from '../../host-link.ts';
import type { DocumentFolders } from '../../workspace.ts';
import type { SqlSessions } from '../sessions.ts';

/** A call to try. */
export interface TrialCall {
  /** The module's name in the document's namespace. */
  readonly module: string;
  /** Deterministic: it is called once for ever. */
  readonly fn: PluginFunction;
  readonly values: readonly TypedValue[];
  readonly signal: AbortSignal;
}

/** Enough for a call that is worth trying while somebody types; one that needs more is let be. */
const LIMITS = { fuel: 2_000_000, timeoutMs: 1_000 };
/** How many answers are kept, those used last. */
const KEPT = 1_000;

/** Calls functions with constants to see whether they fail; each function with each arguments once. */
export class TrialCalls {
  private readonly known = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly host: Pick<HostLink, 'request'>,
    private readonly sessions: Pick<SqlSessions, 'modules'>,
  ) {}

  /**
   * How a call fails, for its user; undefined when it does not, or that cannot be told: the module may do more than log,
   * the call takes long, or there is no host.
   */
  async failure(folders: DocumentFolders, { signal, ...call }: TrialCall): Promise<string | undefined> {
    const modules = await this.sessions.modules(folders).catch(() => []);
    const module = modules.find(({ name }) => name === call.module);
    if (signal.aborted || module === undefined || !isHarmless(module)) return undefined;
    const key = JSON.stringify([module.digest, target(call.fn), call.values]);
    const known = this.known.get(key);
    const answer = known ?? this.call(module.namespace, call);
    this.known.delete(key);
    this.known.set(key, answer);
    // What could not be tried is tried again another time.
    answer.catch(() => this.known.delete(key));
    const [oldest] = this.known.keys();
    if (this.known.size > KEPT && oldest !== undefined) this.known.delete(oldest);
    return answer.catch(() => undefined);
  }

  private async call(
    namespace: string,
    { module, fn, values }: Omit<TrialCall, 'signal'>,
  ): Promise<string | undefined> {
    try {
      const about = { module, namespace, function: target(fn), arguments: values };
      await this.host.request('module/call', { ...about, limits: LIMITS, trial: true });
      return undefined;
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      if (error.kind === 'TRAP' || error.kind === 'GUEST_ERROR') return failureText(fn, error);
      // Wrong arguments and exhausted limits say nothing of the function, and will say the same again.
      if (SETTLED.has(error.kind)) return undefined;
      throw error;
    }
  }
}

const SETTLED = new Set([
  'ARGUMENT_INVALID',
  'FUEL_EXHAUSTED',
  'FUNCTION_UNKNOWN',
  'RESULT_INVALID',
  'MEMORY_LIMIT',
]);

/** Whether a module is granted nothing but to log. */
function isHarmless({ capabilities }: ModuleInfo): boolean {
  return capabilities.granted.every((capability) => capability === 'log');
}

/** One function, where several have the name. */
function target({ name, parameters }: PluginFunction): string {
  return `${name}(${parameters.map(({ type, variadic }) => (variadic ? `${type}...` : type)).join(', ')})`;
}

function failureText({ name }: PluginFunction, { message, details }: CoreError): string {
  const reason = typeof details.reason === 'string' ? details.reason : message;
  const source = details.source as { readonly file?: unknown; readonly line?: unknown } | undefined;
  const place = `${source?.file}:${source?.line}`;
  // An abort names its place itself.
  const isNamed = typeof source?.file !== 'string' || reason.includes(place);
  return `${name} fails with these arguments: ${reason}${isNamed ? '' : ` at ${place}`}.`;
}

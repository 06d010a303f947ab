import * as vscode from 'vscode';
import type { HostEvent } from '../../wasm-core/protocol/events.ts';
import type { ModuleInfo } from '../../wasm-core/protocol/methods.ts';
import type { HostLink } from '../host/host-link.ts';

/** Functions of a namespace that a call may find changed, or gone. */
export interface PluginChange {
  readonly namespace: string;
  /** In lower case. */
  readonly functions: readonly string[];
}

/** Knows when a plugin is another than before; loading the same bytes again changes nothing. */
export class PluginChanges implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<PluginChange>();
  readonly #listener: vscode.Disposable;
  /** What is loaded, by namespace and name. */
  readonly #loaded = new Map<string, ModuleInfo>();

  readonly onDidChange = this.#changed.event;

  constructor(link: HostLink) {
    this.#listener = link.onDidConnect((connection) => {
      connection.onEvent((event) => this.#take(event), ['loaded', 'unloaded']);
      // Another host may have other plugins, of which nothing is known until they are loaded again.
      this.#loaded.clear();
      connection
        .request('module/list', {})
        .then(({ modules }) => {
          for (const module of modules)
            if (!this.#loaded.has(keyOf(module))) this.#loaded.set(keyOf(module), module);
        })
        .catch(() => undefined);
    });
  }

  dispose(): void {
    this.#listener.dispose();
    this.#changed.dispose();
  }

  #take(event: HostEvent): void {
    if (event.type !== 'loaded' && event.type !== 'unloaded') return;
    const { module } = event;
    const before = this.#loaded.get(keyOf(module));
    if (event.type === 'loaded') this.#loaded.set(keyOf(module), module);
    else this.#loaded.delete(keyOf(module));
    if (event.type === 'loaded' && before?.digest === module.digest) return;
    const functions = [...(before?.functions ?? []), ...module.functions].map(({ name }) =>
      name.toLowerCase(),
    );
    this.#changed.fire({ namespace: module.namespace, functions: [...new Set(functions)] });
  }
}

function keyOf({ namespace, name }: ModuleInfo): string {
  return `${namespace}\0${name}`;
}

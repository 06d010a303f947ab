import type { HostEventType } from '../protocol/events.ts';
import type { RequestId } from '../protocol/json-rpc.ts';
import type { HostMethod, HostNotifications, HostRequests } from '../protocol/methods.ts';
import type { WasmTier } from '../protocol/stats.ts';
import type { Executor } from '../runtime/executor.ts';
import type { Registry } from '../runtime/registry.ts';
import type { StateStore } from '../runtime/state/state-store.ts';
import type { Engine } from '../sql/engine.ts';
import type { EventHub } from './events.ts';
import type { Failures } from './failures.ts';
import type { RunHistory } from './history/run-history.ts';
import type { KeptSettings } from './kept-settings.ts';
import type { Log } from './log.ts';
import type { ModuleRunner } from './module-runner.ts';
import type { RemoteConsents } from './remote-consents.ts';
import type { ReplayStore } from './replays/replay-store.ts';
import type { Sealing } from './sealing.ts';
import type { Sessions } from './sessions.ts';
import type { WorkspaceFiles } from './workspace-file.ts';

/** What methods work with. */
export interface HostContext {
  readonly registry: Registry;
  readonly executor: Executor;
  readonly sessions: Sessions;
  readonly events: EventHub;
  readonly workspaceFiles: WorkspaceFiles;
  readonly log: Log;
  readonly facts: HostFacts;
  readonly runner: ModuleRunner;
  readonly states: StateStore;
  readonly failures: Failures;
  readonly replays: ReplayStore;
  readonly engine: Engine;
  readonly remoteConsents: RemoteConsents;
  readonly history: RunHistory;
  /** As they are now. */
  kept(): KeptSettings;
  readonly sealing: Sealing;
  /** Connections that are open now. */
  connectionCount(): number;
  /** Ends the host once the answer that is under way went out. */
  shutDown(): void;
}

/** What does not change while a host runs. */
export interface HostFacts {
  readonly pid: number;
  readonly version: string;
  readonly socket: string;
  /** Absolute folder of the built bundles. */
  readonly distFolder: string;
  /** `performance.now()` at the start. */
  readonly startedAt: number;
  /** How V8 compiles WebAssembly here. */
  readonly wasmTier: WasmTier;
}

/** A client as methods see it. Its identity says which sessions are its own. */
export interface Client {
  /** Whether it said hello. */
  greeted: boolean;
  /** What it called itself then, such as `quern-cli/0.1.0`; empty before. */
  name: string;
  /** A message without an answer; dropped when the client does not read what it was sent before. */
  notify<N extends keyof HostNotifications>(method: N, params: HostNotifications[N]): void;
  /** From now on it gets events of these types, and no others. */
  subscribe(types: readonly HostEventType[]): void;
}

/** A request under way. */
export interface Call {
  readonly id: RequestId;
  readonly client: Client;
  /** Aborts when the client cancels the request or goes away. */
  readonly signal: AbortSignal;
}

/** One method: parses its parameters and answers. */
export type Method<M extends HostMethod> = (
  params: unknown,
  call: Call,
) => Promise<HostRequests[M]['result']> | HostRequests[M]['result'];

/** The methods of a family, by name. */
export type Methods<M extends HostMethod = HostMethod> = { readonly [K in M]: Method<K> };

import type { ErrorData, ErrorKind } from '../../protocol/errors.ts';
import type { CompiledModule } from '../compiled-module.ts';
import type { Job, Outcome } from '../job.ts';

type WithoutModule<J> = J extends Job ? Omit<J, 'compiled'> : never;

/** Sent from a worker lane to an execution worker when a job is to run; the worker answers before the next one. */
export interface JobMessage {
  readonly job: WithoutModule<Job>;
  /** Names the module between the two, from `moduleKey`. */
  readonly key: string;
  /** The module, the first time that this worker meets its key. */
  readonly compiled?: CompiledModule;
  /** Keys of modules that the worker must drop first. */
  readonly forget: readonly string[];
}

/** Sent from an execution worker to its lane when the job has ended. */
export type JobReply =
  | { readonly type: 'done'; readonly outcome: Outcome }
  | {
      readonly type: 'failed';
      readonly kind: ErrorKind;
      readonly message: string;
      readonly details: Omit<ErrorData, 'kind'>;
    };

/** A module's key: labels change while digests stay, and messages name the label. */
export function moduleKey({ digest, metered, profile, name }: CompiledModule): string {
  return `${digest} ${metered} ${profile !== undefined} ${name}`;
}

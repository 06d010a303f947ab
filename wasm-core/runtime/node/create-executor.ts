import type { Executor } from '../executor.ts';
export declare function createExecutor(options: {
  readonly workerPath: string;
  readonly workers?: number;
}): Executor;

import type { RunResult } from '../../wasm-core/protocol/methods.ts';
import { addTimelines, type RunPhase } from '../../wasm-core/protocol/timeline.ts';

/** What a run gave, with time before its first statement that the host knows nothing of. @param micros of the phase */
export function withPhase(result: RunResult, phase: RunPhase, micros: number): RunResult {
  const [first, ...others] = result.statements;
  if (first === undefined || micros <= 0) return result;
  const timeline = addTimelines(first.timeline ?? {}, { [phase]: Math.round(micros) });
  return { ...result, statements: [{ ...first, timeline }, ...others] };
}

/** What a request took outside of the host's work and queue, microseconds. @param micros from the request to its answer */
export function wayMicros({ statements, micros: inHost }: RunResult, micros: number): number {
  return micros - inHost - (statements[0]?.timeline?.queue ?? 0);
}

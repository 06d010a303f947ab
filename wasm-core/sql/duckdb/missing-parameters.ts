import { CoreError } from '../../protocol/errors.ts';
import type { EngineContext } from './context.ts';
import { withPrepared } from './describe.ts';
import { engineError } from './engine-error.ts';

/**
 * Adds to the error of a statement whose parameters have no values what the engine itself says of it, as other errors of
 * SQL have it. The engine refuses to run it, so that nothing happens.
 *
 * @param error of `bindParameters`; others are given back as they are
 */
export function withEngineText(context: EngineContext, error: unknown, sql: string): unknown {
  if (!(error instanceof CoreError) || error.kind !== 'PARAMS_INVALID') return error;
  const engineText = refusal(context, sql);
  return engineText === undefined
    ? error
    : new CoreError(error.kind, error.message, { ...error.details, engineText });
}

function refusal({ db, runs, ...context }: EngineContext, sql: string): string | undefined {
  const countParameters = (statement: number): number => db.native.api.duckdb_nparams(statement);
  try {
    // Without parameters it would run.
    if (withPrepared({ db, runs, ...context }, { connection: runs, sql }, countParameters) === 0)
      return undefined;
    db.bindings.runQuery(runs.id, sql);
    return undefined;
  } catch (error) {
    return String(engineError(error, sql).details.engineText);
  }
}

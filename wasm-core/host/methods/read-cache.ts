import { isSecretParameter, type RecordedRun, SECRET_PARAMETERS } from '../../protocol/history.ts';
import { CACHE_MODES } from '../../protocol/kept-results.ts';
import type { EngineRunOptions } from '../../sql/engine.ts';
import type { HostContext } from '../context.ts';
import { invalid, type Params } from '../params.ts';

/**
 * What a run does with kept results; what depends on a secret is neither kept nor found by its value.
 *
 * @throws CoreError PARAMS_INVALID for another mode
 */
export function readCache(
  params: Params,
  options: {
    readonly run: Pick<EngineRunOptions, 'parameters'>;
    readonly recorded: RecordedRun;
    readonly context: Pick<HostContext, 'kept' | 'sealing'>;
  },
): Pick<EngineRunOptions, 'cache'> {
  const mode = params.cache ?? 'off';
  if (!CACHE_MODES.some((each) => each === mode)) {
    throw invalid(`cache must be one of ${CACHE_MODES.join(', ')}.`);
  }
  const { secretParameters = SECRET_PARAMETERS } = options.recorded;
  const names = Object.keys(options.run.parameters ?? {});
  const hasSecret = names.some((name) => isSecretParameter(name, secretParameters));
  if (hasSecret || (mode !== 'use' && mode !== 'refresh')) return {};
  const { kept, sealing } = options.context;
  return sealing.state.type === 'locked' ? {} : { cache: { ...kept(), mode } };
}

import { MAX_CHAIN_STEPS, runChain } from '../../chain/chain.ts';
import { resolveLimits } from '../../protocol/limits.ts';
import { decodeBytesValue, encodeBytesValue } from '../../runtime/node/bytes-value.ts';
import type { HostContext, Methods } from '../context.ts';
import { readParams, readStrings } from '../params.ts';
import { readNamespace } from './module-ref.ts';

/** `chain/execute`. */
export function chainMethods(context: HostContext): Methods<'chain/execute'> {
  const { registry, executor, counters } = context;
  return {
    'chain/execute': async (value, { signal }) => {
      const params = readParams(value, ['steps', 'namespace', 'input', 'limits']);
      const names = readStrings(params, 'steps', { max: MAX_CHAIN_STEPS });
      const { output, steps, logs } = await runChain({
        registry,
        executor,
        steps: names,
        namespace: readNamespace(params),
        input: decodeBytesValue(params.input, 'input'),
        limits: resolveLimits(params.limits ?? undefined),
        signal,
      });
      counters.executions += steps.length;
      return { output: encodeBytesValue(output), steps, ...(logs.length > 0 && { logs }) };
    },
  };
}

import { CoreError } from '../protocol/errors.ts';
import type { HostMethod } from '../protocol/methods.ts';
import { nearNames } from '../protocol/near-names.ts';
import type { Call, HostContext, Methods } from './context.ts';
import { benchMethods } from './methods/bench.ts';
import { chainMethods } from './methods/chain.ts';
import { diffMethods } from './methods/diff.ts';
import { eventMethods } from './methods/events.ts';
import { historyMethods } from './methods/history.ts';
import { hostMethods } from './methods/host.ts';
import { lockMethods } from './methods/lock.ts';
import { moduleMethods } from './methods/module.ts';
import { profileMethods } from './methods/profile.ts';
import { remoteMethods } from './methods/remote.ts';
import { replayMethods } from './methods/replay.ts';
import { resultMethods } from './methods/result.ts';
import { runMethods } from './methods/run.ts';
import { searchMethods } from './methods/search.ts';
import { sqlMethods } from './methods/sql.ts';
import { testMethods } from './methods/test.ts';

/**
 * Answers requests by method name: with a value where the method has one at once, which costs a short run no turn of
 * the event loop, else with a promise.
 *
 * @throws what the method throws, or METHOD_UNKNOWN, or HELLO_REQUIRED; a promise rejects with the same
 */
export type Dispatch = (method: string, params: unknown, call: Call) => unknown;

/** Every method of the host. */
export function createDispatch(context: HostContext): Dispatch {
  const methods: Methods = {
    ...hostMethods(context),
    ...moduleMethods(context),
    ...lockMethods(context),
    ...runMethods(context),
    ...profileMethods(context),
    ...chainMethods(context),
    ...sqlMethods(context),
    ...diffMethods(context),
    ...resultMethods(context),
    ...remoteMethods(context),
    ...historyMethods(context),
    ...replayMethods(context),
    ...benchMethods(context),
    ...searchMethods(context),
    ...testMethods(context),
    ...eventMethods(),
  };
  const isMethod = (name: string): name is HostMethod => Object.hasOwn(methods, name);
  return (method, params, call) => {
    if (!isMethod(method)) throw unknownMethod(method, Object.keys(methods));
    if (!call.client.greeted && method !== 'host/hello') {
      throw new CoreError('HELLO_REQUIRED', `Send host/hello before ${method}.`);
    }
    return methods[method](params, call);
  };
}

function unknownMethod(method: string, known: readonly string[]): CoreError {
  const near = nearNames(method, known);
  const advice =
    near.length > 0 ? `Did you mean ${near.join(' or ')}?` : `There are ${[...known].sort().join(', ')}.`;
  const shown = JSON.stringify(method.slice(0, 100));
  return new CoreError('METHOD_UNKNOWN', `There is no method ${shown}. ${advice}`, { near });
}

import { CoreError } from '../../protocol/errors.ts';
import type { ExecutorFigures } from '../../protocol/stats.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import { KeptResults } from '../../sql/kept-results/node/kept-results.ts';
import type { HostContext, Methods } from '../context.ts';
import { invalid, readOptionalBoolean, readParams, readString } from '../params.ts';

type HostFamily = 'host/hello' | 'host/stats' | 'host/unlock' | 'host/shutdown';

/** What is about the host itself. */
export function hostMethods(context: HostContext): Methods<HostFamily> {
  const { facts } = context;
  return {
    'host/hello': (value, { client }) => {
      const params = readParams(value, ['protocol', 'client']);
      checkProtocol(params.protocol);
      client.name = readString(params, 'client').slice(0, 200);
      client.greeted = true;
      return { protocol: PROTOCOL_VERSION, version: facts.version, pid: facts.pid };
    },
    'host/stats': (value) => {
      readParams(value, []);
      return {
        pid: facts.pid,
        version: facts.version,
        socket: facts.socket,
        uptimeMs: Math.round(performance.now() - facts.startedAt),
        connections: context.connectionCount(),
        sessions: context.sessions.count,
        modules: context.registry.list().length,
        compiled: context.registry.compiledCount,
        executions: context.runner.executions,
        executor: executorFigures(context),
        wasmTier: facts.wasmTier,
        rssBytes: process.memoryUsage.rss(),
      };
    },
    'host/unlock': async (value) => {
      const params = readParams(value, ['key', 'encrypt']);
      const { sealing, history, kept } = context;
      const isNew = await sealing.unlock(readString(params, 'key'));
      const encrypt = readOptionalBoolean(params, 'encrypt') ?? true;
      if (!isNew && encrypt) return {};
      await history.settled();
      // What was kept in the other way: the runs are written anew, the results can be computed.
      await new KeptResults(kept()).clear();
      await history.store.rewrite(encrypt ? undefined : () => sealing.end());
      return {};
    },
    'host/shutdown': (value) => {
      readParams(value, []);
      context.shutDown();
      return {};
    },
  };
}

function executorFigures({ executor }: HostContext): ExecutorFigures {
  const { short, long, pools } = executor.stats();
  return { short, long, instances: pools.instances, memories: pools.memories };
}

function checkProtocol(protocol: unknown): void {
  if (protocol === PROTOCOL_VERSION) return;
  if (typeof protocol !== 'number') throw invalid('protocol must be a number.');
  const message = `This host speaks protocol ${PROTOCOL_VERSION}, and the client protocol ${protocol}. Use the same version of Quern on both sides.`;
  throw new CoreError('VERSION_MISMATCH', message, { host: PROTOCOL_VERSION, client: protocol });
}

import { CoreError } from '../../protocol/errors.ts';
import type { ExecutorFigures } from '../../protocol/stats.ts';
import { PROTOCOL_VERSION } from '../../protocol/version.ts';
import type { HostContext, Methods } from '../context.ts';
import { invalid, readParams, readString } from '../params.ts';

/** `host/hello`, `host/stats`, `host/shutdown`. */
export function hostMethods(context: HostContext): Methods<'host/hello' | 'host/stats' | 'host/shutdown'> {
  const { facts } = context;
  return {
    'host/hello': (value, { client }) => {
      const params = readParams(value, ['protocol', 'client']);
      checkProtocol(params.protocol);
      readString(params, 'client');
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

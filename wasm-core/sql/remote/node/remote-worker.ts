import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import type { ThreadAsk, ThreadStart, ThreadTell } from '../remote-messages.ts';
import { CacheStore } from './cache-store.ts';
import { FetchEngine } from './fetch-engine.ts';
import { HttpAgents } from './http-request.ts';

/*
 * The entry of the thread that fetches, the only one of the host's that sends anything over a network. It is started when
 * the first session may read something there.
 */

main(workerData as ThreadStart);

function main(start: ThreadStart): void {
  const port = parentPort;
  if (port === null) throw new Error('the thread that fetches is started as a worker thread');
  const tell = (message: ThreadTell): void => port.postMessage(message);
  const store = new CacheStore({
    folder: start.cacheFolder,
    capBytes: start.cacheBytes,
    warn: (text) => tell({ type: 'warning', text }),
  });
  const agents = new HttpAgents();
  const engines = new Map<number, FetchEngine>();
  port.on('message', (ask: ThreadAsk) => {
    switch (ask.type) {
      case 'attach': {
        const signals = new Int32Array(ask.signals);
        const wake = (): void => {
          Atomics.add(signals, ask.index, 1);
          Atomics.notify(signals, ask.index);
        };
        engines.set(ask.engine, new FetchEngine(ask.port as MessagePort, { wake, store, agents }));
        return;
      }
      case 'rights':
        return engines.get(ask.engine)?.setRights(ask.rights);
      case 'detach':
        engines.get(ask.engine)?.dispose();
        return void engines.delete(ask.engine);
      case 'cache':
        return tell({ type: 'cache', id: ask.id, result: store.list(ask) });
    }
  });
}

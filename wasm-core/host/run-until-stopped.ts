import { quernVersion } from '../connect/build-info.ts';
import type { RunningHost } from './serve.ts';

/** A host that cannot end its engines in this time ends without them, milliseconds. */
const STOP_TIMEOUT_MS = 5000;

/**
 * Stops a host on SIGTERM and SIGINT, keeps it alive when something in it throws, and waits until it has left.
 * For a process that is a host and nothing else.
 */
export async function runUntilStopped(host: RunningHost): Promise<void> {
  const stop = (): void => {
    setTimeout(() => process.exit(0), STOP_TIMEOUT_MS).unref();
    void host.stop();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // One broken request must not take the other clients' work with it.
  process.on('uncaughtException', (error) => host.log.error(error));
  process.on('unhandledRejection', (reason) => host.log.error(reason));
  // Whoever reads this may end the host at once.
  host.log.info(`Host ${process.pid} (${quernVersion()}) listens on ${host.paths.socket}`);
  await host.stopped;
}

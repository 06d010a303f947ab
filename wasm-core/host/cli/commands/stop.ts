import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { isProcessAlive } from '../../lock.ts';
import type { Cli } from '../cli.ts';
import { findHost } from '../find-host.ts';
import { print } from '../output.ts';

/** How long a host has to leave, milliseconds. */
const STOP_TIMEOUT_MS = 6000;

/** `quern stop`. */
export function addStop(program: Command, cli: Cli): void {
  program
    .command('stop')
    .description('end the host')
    .action(async () => {
      const connection = await findHost(cli);
      if (connection === undefined) {
        return cli.json ? print(JSON.stringify({ stopped: false })) : cli.say('No host runs.');
      }
      const { pid } = connection;
      await connection.request('host/shutdown', undefined);
      connection.dispose();
      const deadline = performance.now() + STOP_TIMEOUT_MS;
      while (isProcessAlive(pid) && performance.now() < deadline) await sleep(20);
      if (cli.json) await print(JSON.stringify({ stopped: true, pid }));
      else cli.say(`Stopped the host, process ${pid}.`);
    });
}

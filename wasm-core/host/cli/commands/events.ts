import type { Command } from 'commander';
import { CoreError } from '../../../protocol/errors.ts';
import type { HostEvent, HostEventType } from '../../../protocol/events.ts';
import { DEFAULT_EVENT_TYPES, EVENT_TYPES } from '../../../protocol/events.ts';
import { nearNames } from '../../../protocol/near-names.ts';
import type { Cli } from '../cli.ts';
import { print } from '../output.ts';
import { UsageError } from '../report-error.ts';
import { visible } from '../text-table.ts';
import { usageText } from '../usage-text.ts';

/** `quern events`. */
export function addEvents(program: Command, cli: Cli): void {
  program
    .command('events')
    .description('print what the host does, as it happens, until Ctrl+C')
    .option('--types <a,b>', `of ${EVENT_TYPES.join(', ')} (default: all but called)`)
    .action(async (options: { readonly types?: string }) => {
      const types = options.types === undefined ? DEFAULT_EVENT_TYPES : parseTypes(options.types);
      const { signal } = cli;
      const connection = await cli.connect();
      const show = (event: HostEvent): void =>
        void print(cli.json ? JSON.stringify(event) : visible(eventText(event)));
      connection.onEvent(show, types);
      cli.explain(`Subscribed to ${types.join(', ')}; Ctrl+C ends`);
      await new Promise<void>((resolve, reject) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
        connection.onClose(() => reject(new CoreError('HOST_LOST', 'The host has left.')));
      });
    });
}

function parseTypes(text: string): readonly HostEventType[] {
  return text.split(',').map((word) => {
    const type = EVENT_TYPES.find((known) => known === word.trim());
    if (type !== undefined) return type;
    const [near = EVENT_TYPES.join(', ')] = nearNames(word.trim(), EVENT_TYPES);
    throw new UsageError(`there is no event type ${JSON.stringify(word.trim())}; there is ${near}`);
  });
}

/** An event in one line. */
function eventText(event: HostEvent): string {
  switch (event.type) {
    case 'warning':
      return `warning: ${event.message}`;
    case 'changed':
      return `changed by a run in ${event.folder}`;
    case 'compiled':
      return `compiled ${event.module.name} in ${event.micros} µs`;
    case 'called': {
      const used = event.usage === undefined ? '' : `: ${usageText(event.usage)}`;
      return `${event.ok ? 'called' : 'failed'} ${event.module.name} ${event.function}${used}`;
    }
    case 'trapped':
      return `trapped ${event.module.name}: ${event.kind}: ${event.message}`;
    default:
      return `${event.type} ${event.module.name} (${event.module.uuid}) of ${event.module.namespace}`;
  }
}

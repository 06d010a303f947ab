import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { CoreError } from '../../../protocol/errors.ts';
import type { Cli } from '../cli.ts';

/** `quern lsp --stdio`. */
export function addLsp(program: Command, cli: Cli): void {
  program
    .command('lsp')
    .description(
      'the language server, for any editor; it speaks the Language Server Protocol on stdin and stdout',
    )
    .option('--stdio', 'the only way there is', true)
    .action(() => {
      const server = path.join(cli.distFolder, 'server.js');
      if (!existsSync(server)) {
        throw new CoreError(
          'FILE_NOT_FOUND',
          `The language server ${server} is not there; build Quern first.`,
        );
      }
      cli.handOver();
      // The server takes its transport from the command line, as language servers do, and runs in this process.
      process.argv = [process.execPath, server, '--stdio'];
      require(server);
    });
}

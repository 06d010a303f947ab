import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { endWithProcess } from './compilers/node/end-with-process.ts';
import { nodePlatform } from './node/platform.ts';
import { startServer } from './server.ts';

/*
 * The language server: dist/server.js. The client says by an argument how it talks: `--stdio`, `--node-ipc`,
 * `--socket=PORT`.
 */

const connection = createConnection(ProposedFeatures.all);
const log = (line: string): void => connection.console.info(line);
const platform = nodePlatform({ distFolder: __dirname, onLog: log });
endWithProcess(platform);
startServer(connection, platform);
// A bug in one feature must not end the others; what a user did wrong never gets here.
process.on('unhandledRejection', (reason) => {
  connection.console.error(reason instanceof Error ? (reason.stack ?? reason.message) : String(reason));
});
connection.listen();

import path from 'node:path';
import { quernVersion } from '../../wasm-core/connect/build-info.ts';
import { connectToHost } from '../../wasm-core/connect/connect.ts';
import { createCompilers } from '../compilers/node/compilers.ts';
import type { Platform } from '../platform.ts';
import { nodeFiles } from './files.ts';

/**
 * The language server's platform under Node.
 *
 * @param options.distFolder absolute folder of the built files
 * @param options.onLog is told when a host is started
 */
export function nodePlatform(options: {
  readonly distFolder: string;
  readonly onLog: (line: string) => void;
}): Platform {
  const { distFolder, onLog } = options;
  const compilers = createCompilers(distFolder);
  return {
    connect: () =>
      connectToHost({
        hostPath: path.join(distFolder, 'host.js'),
        start: true,
        client: `quern-lsp/${quernVersion()}`,
        onLog,
      }),
    compile: (source, options) => compilers.compile(source, options),
    compileFirst: (paths) => compilers.compileFirst(paths),
    checkWit: (given, components) => compilers.checkWit(given, components),
    componentWorld: (bytes) => compilers.componentWorld(bytes),
    files: nodeFiles,
    dispose: () => compilers.dispose(),
  };
}

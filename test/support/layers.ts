/**
 * The layers, from the bottom up: what a project may import beside itself. `ARCHITECTURE.md` shows the same table, and
 * the references of each `tsconfig.json` equal it. A new edge is a change of its own.
 */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'wasm-core/protocol': [],
  'wasm-core/binary': ['wasm-core/protocol'],
  'wasm-core/results': ['wasm-core/protocol'],
  'wasm-core/connect': ['wasm-core/protocol'],
  'wasm-core/runtime': ['wasm-core/protocol', 'wasm-core/binary', 'wasm-core/results'],
  'wasm-core/sql': ['wasm-core/protocol', 'wasm-core/binary', 'wasm-core/runtime', 'wasm-core/results'],
  'wasm-core/chain': ['wasm-core/protocol', 'wasm-core/binary', 'wasm-core/runtime', 'wasm-core/sql'],
  'wasm-core/host': [
    'wasm-core/protocol',
    'wasm-core/binary',
    'wasm-core/runtime',
    'wasm-core/results',
    'wasm-core/sql',
    'wasm-core/chain',
    'wasm-core/connect',
  ],
  'wasm-core/sdk': [],
  server: ['wasm-core/protocol', 'wasm-core/binary', 'wasm-core/connect', 'wasm-core/sdk'],
  client: ['wasm-core/protocol', 'wasm-core/connect'],
  webview: ['wasm-core/protocol', 'wasm-core/results'],
};

/** Projects that may see neither Node's types nor anybody's: they run wherever JavaScript does. */
export const NEUTRAL_LAYERS: readonly string[] = [
  'wasm-core/protocol',
  'wasm-core/binary',
  'wasm-core/results',
  'webview',
];

/** Folders whose files may import Node's modules, beside entry files and every folder named `node`. */
export const PLATFORM_FOLDERS: readonly string[] = [
  'wasm-core/host/',
  'wasm-core/connect/',
  // The compilers are worker threads that read sources; the language service beside them does no I/O.
  'server/compilers/',
];

/** The project that a file, named from the root with `/`, belongs to. */
export function layerOf(file: string): string | undefined {
  return Object.keys(LAYERS).find((layer) => file.startsWith(`${layer}/`));
}

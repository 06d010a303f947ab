import { cpSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);

/**
 * Makes dist/sdk what plugin authors may install by itself: `npm publish dist/sdk` is all that is left to do. The
 * bundler writes the transform for AssemblyScript beside it.
 *
 * @param {string} root the project's folder
 */
export function writeSdkPackage(root) {
  const sdk = path.join(root, 'dist/sdk');
  const assemblyscript = path.join(root, 'node_modules/assemblyscript');
  const copies = [
    ['wasm-core/sdk/README.md', 'README.md'],
    ['LICENSE', 'LICENSE'],
    ['wasm-core/sdk/c', 'c'],
    ['wasm-core/sdk/rust', 'rust'],
    ['wasm-core/sdk/templates', 'templates'],
    ['wasm-core/sdk/assemblyscript/quern.d.ts', 'assemblyscript/quern.d.ts'],
    ['wasm-core/sdk/assemblyscript/tsconfig.json', 'assemblyscript/tsconfig.json'],
  ];
  for (const [from, to] of copies) cpSync(path.join(root, from), path.join(sdk, to), { recursive: true });
  // An editor's TypeScript needs the compiler's own declarations, which nobody should have to install for that.
  const declarations = path.join(assemblyscript, 'std/assembly/index.d.ts');
  cpSync(declarations, path.join(sdk, 'assemblyscript/assemblyscript.d.ts'));
  cpSync(path.join(assemblyscript, 'LICENSE'), path.join(sdk, 'assemblyscript/LICENSE-assemblyscript'));
  writeFileSync(path.join(sdk, 'package.json'), `${JSON.stringify(manifest(root), null, 2)}\n`);
}

/** @param {string} root */
function manifest(root) {
  const { version, license, repository } = require(path.join(root, 'package.json'));
  const { version: compiler } = require(path.join(root, 'node_modules/assemblyscript/package.json'));
  return {
    name: 'quern-sdk',
    version,
    description: 'Write functions that Quern calls from SQL: AssemblyScript, C, C++, Rust and more.',
    license,
    repository,
    type: 'module',
    exports: { './assemblyscript': './assemblyscript/transform.mjs', './*': './*' },
    engines: { node: '>=20' },
    peerDependencies: { assemblyscript: `^${compiler}` },
    peerDependenciesMeta: { assemblyscript: { optional: true } },
  };
}

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * A name for this state of the sources, 8 hex characters. Two builds with different sources never share a host.
 *
 * @param {string} root the project's folder
 */
export function buildId(root) {
  const hash = createHash('sha256');
  for (const folder of ['wasm-core', 'server', 'client']) {
    const files = readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true });
    const names = files
      .filter((f) => f.isFile() && (f.name.endsWith('.ts') || f.name === 'SHA256SUMS'))
      .map((f) => path.join(f.parentPath, f.name));
    for (const name of names.sort()) hash.update(path.relative(root, name)).update(readFileSync(name));
  }
  return hash.digest('hex').slice(0, 8);
}

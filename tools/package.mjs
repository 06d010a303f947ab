// `npm run package`: builds and packs the extension as quern-<version>.vsix, with the reporting of its size.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ensureInstalled } from './lib/ensure-installed.mjs';

const root = path.resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const vsix = path.join(root, `quern-${version}.vsix`);

await ensureInstalled(root);
const build = spawnSync(process.execPath, ['tools/build.mjs', '--minify'], { cwd: root, stdio: 'inherit' });
if (build.status !== 0) process.exit(build.status ?? 1);
const { createVSIX } = await import('@vscode/vsce');
// Nothing of node_modules goes in: the bundles hold what they need. README links stay as they are written.
await createVSIX({ cwd: root, packagePath: vsix, dependencies: false, rewriteRelativeLinks: false });
console.log(`${path.basename(vsix)}: ${(statSync(vsix).size / 1024 / 1024).toFixed(1)} MB`);

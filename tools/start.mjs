// `npm start`: installs what is missing, builds, and runs the example.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { ensureInstalled } from './lib/ensure-installed.mjs';

const root = path.resolve(import.meta.dirname, '..');
try {
  await ensureInstalled(root);
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
console.error('Building …');
must(['tools/build.mjs']);
const { copyExampleData } = await import('./example-data.mjs');
copyExampleData(root);
console.error('\n$ quern run examples/flights.sql\n');
must(['dist/quern.js', 'run', 'examples/flights.sql']);
console.error('\nMore to run: npx quern run examples/movies.sql, npx quern --help');

/** Runs a Node program in the project's folder; its failure is ours. */
function must(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

// Prints what one extension is compiled from, a path a line, as npm's duckdb says it in its binding.gyp:
//   node sources.mjs package/binding.gyp json files|includes
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Which of the package's sources belong to an extension, its third-party code included. */
const PATTERNS = {
  json: /extension\/json|ub_extension_json/,
  parquet: /extension\/parquet|ub_extension_parquet|third_party\/(parquet|thrift|snappy|lz4|brotli)/,
  icu: /extension\/icu|ub_extension_icu/,
};

const [file, name, what] = process.argv.slice(2);
if (file === undefined || !Object.hasOwn(PATTERNS, name ?? '') || !['files', 'includes'].includes(what)) {
  console.error('usage: node sources.mjs BINDING.GYP json|parquet|icu files|includes');
  process.exit(2);
}

// The file is Python's dialect of JSON; the two lists are plain strings in it.
const gyp = readFileSync(file, 'utf8');
const folder = path.dirname(file);
const lines = what === 'files' ? sourceFiles() : includeFolders().map((f) => `-I${f}`);
console.log([...new Set(lines)].join('\n'));

function sourceFiles() {
  const all = [...gyp.matchAll(/"(src\/duckdb\/[^"]*\.(?:cpp|cc))"/g)].map((m) => m[1]);
  return all.filter((f) => PATTERNS[name].test(f)).map((f) => `${folder}/${f}`);
}

function includeFolders() {
  const list = /"include_dirs": \[([^\]]*)\]/.exec(gyp)?.[1] ?? '';
  return [...list.matchAll(/"(src\/duckdb[^"]*)"/g)].map((m) => `${folder}/${m[1]}`);
}

// Puts the example's data files beside its SQL: copies out of the package vega-datasets, which npm installed.
import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

const FILES = ['flights-3m.parquet', 'airports.csv', 'movies.json', 'flights-200k.arrow', 'unemployment.tsv'];

/**
 * @param {string} root the project's folder
 * @param {string} [target] folder to copy to; the example's own when absent
 */
export function copyExampleData(root, target = path.join(root, 'examples/data')) {
  const source = path.join(root, 'node_modules/vega-datasets/data');
  mkdirSync(target, { recursive: true });
  for (const name of FILES) {
    const [from, to] = [path.join(source, name), path.join(target, name)];
    const size = statSync(to, { throwIfNoEntry: false })?.size;
    if (size !== statSync(from).size) copyFileSync(from, to);
  }
}

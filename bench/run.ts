import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { callsSuite } from './calls.ts';
import { chartsSuite } from './charts.ts';
import { dataSuite } from './data.ts';
import { editorSuite } from './editor.ts';
import { executorSuite } from './executor.ts';
import { functionsSuite } from './functions.ts';
import { gridSuite } from './grid.ts';
import { meteringSuite } from './metering.ts';
import { pluginsSuite } from './plugins.ts';
import { type SuiteResult, suiteMarkdown } from './report.ts';
import { resultsSuite } from './results.ts';
import { sqlSuite } from './sql.ts';

const SUITES: Readonly<Record<string, () => Promise<SuiteResult>>> = {
  executor: executorSuite,
  calls: callsSuite,
  metering: meteringSuite,
  sql: sqlSuite,
  data: dataSuite,
  functions: functionsSuite,
  editor: editorSuite,
  plugins: pluginsSuite,
  grid: gridSuite,
  charts: chartsSuite,
  results: resultsSuite,
};

async function main(named: readonly string[]): Promise<void> {
  const unknown = named.filter((name) => !Object.hasOwn(SUITES, name));
  if (unknown.length > 0) {
    console.error(`No suite ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}.`);
    process.exitCode = 2;
    return;
  }
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.version}. Ratios are ours over the peer's, of runs in turn; medians where nothing else is said.`;
  const results: Record<string, SuiteResult> = {};
  const parts = [machine];
  console.log(`\n${machine}`);
  for (const [name, suite] of Object.entries(SUITES)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const result = await suite();
    results[name] = result;
    parts.push(suiteMarkdown(result));
    console.log(`\n${parts.at(-1)}`);
  }
  mkdirSync('out', { recursive: true });
  writeFileSync('out/bench.md', `${parts.join('\n\n')}\n`);
  writeFileSync('out/bench.json', `${JSON.stringify({ machine, suites: results }, null, 2)}\n`);
}

void main(process.argv.slice(2));

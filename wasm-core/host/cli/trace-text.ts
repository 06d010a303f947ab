import type { ChainStepResult, ChainTraceResult, TracedBytes, TracedStep } from '../../protocol/chains.ts';
import { countText, durationText } from '../../protocol/figures.ts';
import type { Cli } from './cli.ts';
import { logText } from './log-text.ts';
import { print } from './output.ts';
import { EXIT } from './report-error.ts';
import { usageText } from './usage-text.ts';

/** Lines of an input or an output that are printed; `--json` has the heads whole. */
const MAX_LINES = 20;
/** Of these are printed of each line, UTF-16 code units. */
const MAX_LINE = 400;

/** Prints what each step was given and gave, and sets the exit code of a chain that failed. */
export async function printTrace(cli: Cli, result: ChainTraceResult): Promise<void> {
  const last = result.steps.at(-1);
  if (last?.error !== undefined) process.exitCode = EXIT.failed;
  if (cli.json) return await print(JSON.stringify(result));
  await print(`${result.steps.map((step, index) => tracedText(step, index === 0)).join('\n\n')}\n`);
}

function tracedText(step: TracedStep, hasInput: boolean): string {
  const { number, name, input, output, result, logs = [], error } = step;
  const head = result === undefined ? name : stepText(result);
  return [
    `${number}. ${head}`,
    // The input of every other step is the output of the one before.
    ...(hasInput || error !== undefined ? bytesLines('input', input) : []),
    ...logs.map((line) => `  ${logText(line)}`),
    ...(output === undefined ? [] : bytesLines('output', output)),
    ...(error === undefined ? [] : [`  failed: ${error.data.kind}: ${error.message}`]),
  ].join('\n');
}

function bytesLines(label: string, { byteLength, head }: TracedBytes): string[] {
  const size = countText(byteLength, 'byte');
  if (!('utf8' in head)) return [`  ${label}: ${size} that are no text`];
  // A terminal would obey its control characters.
  const lines = head.utf8
    .replace(/\n$/, '')
    .replaceAll(/[^\P{Cc}\n\t]/gu, '·')
    .split('\n');
  const shown = lines.slice(0, MAX_LINES).map((line) => `    ${line.slice(0, MAX_LINE)}`);
  const more = lines.length > MAX_LINES ? ['    …'] : [];
  return [`  ${label}: ${size}`, ...(byteLength === 0 ? [] : shown), ...more];
}

/** What a step used, in one line. */
export function stepText(step: ChainStepResult): string {
  if (step.module !== undefined) {
    const module = step.module === step.name ? '' : ` (${step.module})`;
    return `${step.name}${module}: ${usageText(step)}`;
  }
  const { name, micros, rows, outputBytes } = step;
  const count = (n: number): string => n.toLocaleString('en');
  return `${name}: ${durationText(micros)}, ${count(rows)} rows, ${count(outputBytes)} bytes`;
}

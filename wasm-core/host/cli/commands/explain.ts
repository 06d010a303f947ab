import type { Command } from 'commander';
import { countText, durationText } from '../../../protocol/figures.ts';
import type { StatementResult } from '../../../protocol/methods.ts';
import type { Cli } from '../cli.ts';
import { planTreeText } from '../explain/plan-tree-text.ts';
import { print, standardOutput } from '../output.ts';
import { openRunSession } from '../run/open-session.ts';
import { parseParameters } from '../run/parameters.ts';
import type { RunOptions } from '../run/run-options.ts';
import { paramsOf, requestStatements } from '../run/run-source.ts';
import { readSqlSource } from '../run/sql-source.ts';
import { addDatabaseOptions, addSessionOptions } from './run.ts';

interface ExplainOptions extends RunOptions {
  readonly analyze?: boolean;
}

/** `quern explain FILE.sql | -e SQL | -`. */
export function addExplain(program: Command, cli: Cli): void {
  const command = program
    .command('explain')
    .description('show how the engine runs a statement, as a tree of operators')
    .argument('[file]', 'a file with SQL, or - for stdin')
    .option('-e, --execute <sql>', 'SQL instead of a file')
    .option(
      '--analyze',
      'run the statement, whatever it changes, and show the time and rows of each operator',
    );
  addSessionOptions(addDatabaseOptions(command))
    .addHelpText('after', NOTES)
    .action((file: string | undefined, options: ExplainOptions) => explain(cli, file, options));
}

const NOTES = `
The plan is that of the last statement; those before it run. An EXPLAIN in front of it is left out.
Operators pass their rows upwards. hot marks the path that takes the most time, hottest its end. In a terminal, lines
are cut at its edge; --json has everything, as Copy as JSON in the editor does.`;

async function explain(cli: Cli, file: string | undefined, options: ExplainOptions): Promise<void> {
  const parameters = parseParameters(options.param ?? []);
  const source = await readSqlSource(file, options.execute);
  cli.signal.throwIfAborted();
  const connection = await cli.connect();
  const session = await openRunSession(cli, connection, { source, options });
  const params = {
    ...paramsOf({ session, parameters, options }, 0),
    sql: source.text,
    ...(options.analyze && { analyze: true }),
  };
  const { statements } = await requestStatements({ cli, connection, source }, 'sql/explain', params);
  const last = statements.at(-1);
  // The host refuses a text without a statement, and its last one has a plan.
  if (last?.plan === undefined) throw new Error('sql/explain gave no plan');
  for (const warning of statements.flatMap(({ warnings }) => warnings ?? [])) cli.say(`warning: ${warning}`);
  await show(cli, last, last.plan);
}

async function show(
  cli: Cli,
  { cost, timeline }: StatementResult,
  plan: NonNullable<StatementResult['plan']>,
): Promise<void> {
  const functions = cost.functions ?? [];
  if (cli.json) return print(JSON.stringify({ ...plan, functions, micros: cost.micros, timeline }));
  await print(planTreeText(plan, { costs: functions, width: standardOutput().width }));
  const { isMeasured, leftOut } = plan;
  if (leftOut !== undefined) cli.say(`${countText(leftOut, 'further operator')} not shown`);
  cli.say(
    isMeasured
      ? `ran in ${durationText(cost.micros)}`
      : 'What the engine expects; --analyze runs the statement and measures it.',
  );
}

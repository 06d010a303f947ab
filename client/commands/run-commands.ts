import * as l10n from '@vscode/l10n';
import { CoreError } from '../../wasm-core/protocol/errors.ts';
import { RUN_STATEMENT_COMMAND } from '../../wasm-core/protocol/lsp.ts';
import { findParameters } from '../../wasm-core/protocol/parameters.ts';
import { isQuery } from '../../wasm-core/protocol/query.ts';
import type { EditHistory } from '../run/edit-history.ts';
import type { Reach } from '../run/embedded-choice.ts';
import type { ParameterValues } from '../run/parameter-values.ts';
import {
  type Chosen,
  cursorChoice,
  fileChoice,
  type StatementSource,
  targetChoice,
} from '../run/run-choice.ts';
import { parseRunTarget } from '../run/run-target.ts';
import { type Runner, type RunRequest, runTitle } from '../run/runner.ts';
import { checkTrust } from '../trust.ts';
import type { Commands } from './register.ts';

interface RunCommandParts {
  readonly runner: Runner;
  readonly edits: EditHistory;
  readonly values: ParameterValues;
  readonly statements: StatementSource;
}

/** Commands that run SQL. */
export function runCommands(parts: RunCommandParts): Commands {
  const { runner, edits, statements } = parts;
  /** The statement of a lens, else the one at the cursor, and what is to be done with it. */
  const statement = (mode: RunRequest['mode'], reach: Reach) => async (argument: unknown) => {
    if (!(await checkTrust())) return;
    const target = parseRunTarget(argument);
    const chosen =
      target === undefined
        ? await cursorChoice(reach, statements)
        : await targetChoice(target, { reach, edits, statements });
    await run(parts, chosen, mode);
  };
  return {
    [RUN_STATEMENT_COMMAND]: statement('run', 'one'),
    'quern.runAbove': statement('run', 'above'),
    'quern.explainStatement': statement('explain', 'one'),
    'quern.runAndExplainStatement': statement('analyze', 'one'),
    'quern.profileStatement': statement('profile', 'one'),
    'quern.runFile': async (argument) => {
      if (await checkTrust()) await run(parts, await fileChoice(argument), 'run');
    },
    'quern.cancel': () => runner.cancel(),
  };
}

/** Runs what was chosen, once its parameters have values; nothing happens when the user declines one. */
async function run(
  { runner, values }: RunCommandParts,
  { document, pieces, title }: Chosen,
  mode: RunRequest['mode'],
): Promise<void> {
  const text = document.getText();
  const statements = pieces.map(({ start, end }) => text.slice(start, end));
  const [first] = statements;
  if (first === undefined) {
    throw new CoreError(
      'REQUEST_INVALID',
      l10n.t('Here is no statement to run. Write one, such as: select 42;'),
    );
  }
  if ((mode === 'explain' || mode === 'analyze') && statements.length > 1) {
    const message = l10n.t('Explain shows the plan of one statement; put the cursor into one.');
    throw new CoreError('REQUEST_INVALID', message);
  }
  if (mode === 'profile' && (statements.length > 1 || !isQuery(first))) {
    const message = l10n.t('Profile runs one query, such as a SELECT; put the cursor into one.');
    throw new CoreError('REQUEST_INVALID', message);
  }
  const { version } = document;
  const names = statements.flatMap((sql) => findParameters(sql).map(({ name }) => name));
  const parameters = await values.of(names);
  if (parameters === undefined) return;
  if (document.version !== version) {
    throw new CoreError('REQUEST_INVALID', l10n.t('The text has changed in the meantime. Run it again.'));
  }
  await runner.run({ document, pieces, title: runTitle(mode, title), mode, parameters });
}

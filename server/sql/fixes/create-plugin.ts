import { type CodeAction, CodeActionKind } from 'vscode-languageserver';
import { expressionType } from '../expression-type.ts';
import { textOf } from '../syntax/scope.ts';
import type { Call } from '../syntax/tree.ts';
import type { Fault, Fix, NewPlugins } from './fix.ts';
import { guessResult, parameterNames } from './guess-signature.ts';
import { assemblyScriptSource, type NewFunction, watSource } from './plugin-source.ts';

/** A function that does not exist is begun as a plugin, with the types of the call. */
export const createPlugin: Fix = {
  codes: ['SQL_BIND'],
  actions: async (fault) => {
    const { newPlugins, statement, span } = fault;
    const isMissing = /^Scalar Function with name (\S+) does not exist/.test(fault.message);
    const call = statement.syntax.calls.find(({ name }) => name.start === span.start);
    if (newPlugins === undefined || !isMissing || call === undefined || call.isQualified) return [];
    const name = call.name.text.toLowerCase();
    if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) return [];
    const fn = await newFunction(fault, call, name);
    const source = fn && sourceOf(fn, newPlugins.language);
    if (source === undefined) return [];
    const action = creation(fault, { ...source, name, newPlugins });
    return action === undefined ? [] : [action];
  },
};

async function newFunction(fault: Fault, call: Call, name: string): Promise<NewFunction | undefined> {
  const { syntax, text } = fault.statement;
  const names = parameterNames(call.arguments.map((argument) => textOf(text, argument)));
  const parameters = [];
  for (const [index, argument] of call.arguments.entries()) {
    const type = await expressionType({ statement: syntax, knowledge: fault.knowledge }, argument);
    // DuckDB casts these by itself.
    const taken = (type ?? 'VARCHAR')
      .replace(/^(JSON|ENUM\(.*)$/s, 'VARCHAR')
      .replace(/^DECIMAL\(.*/, 'DOUBLE');
    parameters.push({ name: names[index] ?? 'x', type: taken });
  }
  return { name, parameters, returns: guessResult(syntax, call) };
}

/** The language that is preferred, unless it is one for numbers and there are others: WAT has no texts of its own. */
function sourceOf(
  fn: NewFunction,
  language: NewPlugins['language'],
): { readonly text: string; readonly ending: string } | undefined {
  const wat = language === 'wat' ? watSource(fn) : undefined;
  if (wat !== undefined) return { text: wat, ending: '.wat' };
  const text = assemblyScriptSource(fn);
  return text === undefined ? undefined : { text, ending: '.ts' };
}

interface NewFile {
  readonly name: string;
  readonly text: string;
  readonly ending: string;
  readonly newPlugins: NewPlugins;
}

function creation(fault: Fault, { name, text, ending, newPlugins }: NewFile): CodeAction | undefined {
  const { files, folders } = newPlugins;
  const file = `plugins/${name}${ending}`;
  const path = files.join(folders.session, file);
  if (files.exists(path)) return undefined;
  const uri = files.toUri(path);
  const top = { line: 0, character: 0 };
  return {
    title: `Create the plugin function ${name} in ${file}`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [fault.diagnostic],
    edit: {
      documentChanges: [
        { kind: 'create', uri },
        {
          textDocument: { uri, version: null },
          edits: [{ range: { start: top, end: top }, newText: text }],
        },
      ],
    },
  };
}

import type { SignatureHelp, SignatureInformation } from 'vscode-languageserver';
import { type KnownFunction, parameterText, type SqlKnowledge, signatureText } from '../knowledge.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { sameName } from '../syntax/scope.ts';
import type { Call, StatementSyntax } from '../syntax/tree.ts';
import { tokenize } from '../tokens.ts';
import { mayDefine } from './document-names.ts';
import type { SqlPlace } from './place.ts';

/** A signature with the names of its parameters. */
interface Signature extends SignatureInformation {
  readonly names: readonly string[];
  /** Whether the last parameter takes any number of arguments. */
  readonly isVariadic: boolean;
}

/** The parameters of the function whose arguments are being typed. */
export async function helpWithSignature(
  place: SqlPlace,
  statement: PlacedStatement,
): Promise<SignatureHelp | null> {
  const offset = place.offset - statement.start;
  const call = callAt(statement.syntax, offset);
  if (call === undefined) return null;
  const signatures = await signaturesOf(place, call.name.text);
  if (signatures.length === 0) return null;
  const argument = argumentAt(statement.syntax, call, offset);
  const { index, name } = argument;
  const fitting = signatures.findIndex((s) => fits(s, argument, call.arguments.length));
  const activeSignature = Math.max(0, fitting);
  const active = signatures[activeSignature];
  const named = name === undefined ? -1 : (active?.names ?? []).findIndex((other) => sameName(other, name));
  const last = (active?.names.length ?? 0) - 1;
  const activeParameter = named >= 0 ? named : active?.isVariadic ? Math.min(index, last) : index;
  return {
    signatures: signatures.map(({ label, documentation, parameters }) => ({
      label,
      ...(documentation !== undefined && { documentation }),
      ...(parameters !== undefined && { parameters }),
    })),
    activeSignature,
    activeParameter,
  };
}

/** The innermost call whose parentheses a position is in. */
export function callAt({ calls }: StatementSyntax, offset: number): Call | undefined {
  return calls.findLast(({ inside }) => inside.start <= offset && offset <= inside.end);
}

/** Which argument of a call a position is in, and its name where it is given by name; `x.f(…)` has one before. */
function argumentAt(
  { text, tokens }: StatementSyntax,
  call: Call,
  offset: number,
): { readonly index: number; readonly name?: string } {
  let depth = 0;
  let index = takesValueBefore(tokens, call) ? 1 : 0;
  let start = call.inside.start;
  for (const token of tokens) {
    if (token.start < call.inside.start || token.kind !== 'mark') continue;
    if (token.start >= offset) break;
    if (/[([{]/.test(token.text)) depth++;
    else if (/[)\]}]/.test(token.text)) depth--;
    else if (token.text === ',' && depth === 0) {
      index++;
      start = token.end;
    }
  }
  const [first, equal, more] = tokenize(text, start, call.inside.end);
  const isNamed =
    equal !== undefined && (/^(:=|=>)$/.test(`${equal.text}${more?.text ?? ''}`) || equal.text === '=');
  return { index, ...(first !== undefined && isNamed && { name: first.text }) };
}

/** Whether the first argument stands before the dot, as in `name.slug()`; what stands there may also be a schema. */
function takesValueBefore(tokens: StatementSyntax['tokens'], { name, isQualified }: Call): boolean {
  const before = tokens[tokens.findIndex(({ start }) => start === name.start) - 2];
  if (!isQualified || before === undefined) return false;
  return !/^"?(main|temp|system|memory|pg_catalog|information_schema)"?$/i.test(before.text);
}

function fits(
  { names, isVariadic }: Signature,
  { index, name }: { readonly index: number; readonly name?: string },
  count: number,
): boolean {
  if (name !== undefined && names.some((other) => sameName(other, name))) return true;
  return isVariadic || names.length > Math.max(index, count - 1) || (names.length === 0 && count === 0);
}

/** Of a plugin's function, else of a macro of the document, else of the engine. */
async function signaturesOf({ knowledge, statements }: SqlPlace, name: string): Promise<Signature[]> {
  const plugins = (await knowledge.functions()).filter(({ fn }) => sameName(fn.name, name));
  if (plugins.length > 0) return plugins.map(pluginSignature);
  const macros = macroSignatures(statements, name);
  return macros.length > 0 ? macros : engineSignatures(name, knowledge);
}

function pluginSignature({ fn }: KnownFunction): Signature {
  return {
    label: signatureText(fn),
    documentation: fn.doc,
    parameters: fn.parameters.map((p) => ({ label: parameterText(p) })),
    names: fn.parameters.map((p) => p.name),
    isVariadic: fn.parameters.at(-1)?.variadic === true,
  };
}

function macroSignatures(statements: readonly PlacedStatement[], name: string): Signature[] {
  return statements.filter(mayDefine).flatMap(({ syntax: { definition } }) => {
    if (definition?.kind !== 'MACRO' || !sameName(definition.name.text, name)) return [];
    const names = definition.parameters.map(({ text }) => text);
    return [
      {
        label: `${definition.name.text}(${names.join(', ')})`,
        parameters: names.map((label) => ({ label })),
        names,
        isVariadic: false,
      },
    ];
  });
}

async function engineSignatures(name: string, knowledge: SqlKnowledge): Promise<Signature[]> {
  const { functions } = await knowledge.catalog();
  return functions
    .filter((fn) => sameName(fn.name, name))
    .flatMap(({ signatures, doc }) =>
      signatures.map((label) => {
        const parameters = parametersOf(label);
        const texts = parameters.map(([start, end]) => label.slice(start, end));
        return {
          label,
          documentation: doc,
          parameters: parameters.map((place) => ({ label: place })),
          names: texts.map((text) => text.split(/[ :]/)[0] ?? ''),
          isVariadic: texts.at(-1)?.endsWith('...') === true,
        };
      }),
    );
}

/** Where the parameters stand in a text such as `lower(VARCHAR) -> VARCHAR`; a type may have commas of its own. */
function parametersOf(label: string): [number, number][] {
  const parameters: [number, number][] = [];
  let depth = 0;
  let start = -1;
  for (let index = 0; index < label.length; index++) {
    const c = label[index];
    if (c === '(' && depth++ === 0) start = index + 1;
    const ends = depth === 1 && (c === ',' || c === ')');
    if (ends && start >= 0 && index > start) parameters.push([start, index]);
    if (ends) start = index + 2;
    if (c === ')' && --depth === 0) return parameters;
  }
  return parameters;
}

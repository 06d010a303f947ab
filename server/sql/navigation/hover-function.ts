import type { CatalogFunction } from '../../../wasm-core/protocol/catalog.ts';
import type { FunctionUseSummary, SummaryResult } from '../../../wasm-core/protocol/summary.ts';
import { type KnownFunction, signatureText } from '../knowledge.ts';
import type { PlacedStatement } from '../syntax/document-syntax.ts';
import { sameName } from '../syntax/scope.ts';
import { mayDefine } from './document-names.ts';
import { code, escaped, paragraphs, shortText } from './markdown.ts';
import type { SqlPlace } from './place.ts';
import { counted } from './source-notes.ts';

/** A function's signatures, documentation and origin: of a macro of the document, of a plugin, else of the engine. */
export async function functionText(
  { knowledge, statements }: Pick<SqlPlace, 'knowledge' | 'statements'>,
  name: string,
): Promise<string | undefined> {
  const macro = macroText(statements, name);
  if (macro !== undefined) return macro;
  const plugins = (await knowledge.functions()).filter(({ fn }) => sameName(fn.name, name));
  if (plugins.length > 0) {
    const summary = await knowledge.summary(`${name.toLowerCase()}()`);
    return paragraphs(...plugins.map(pluginText), ...costTexts(summary));
  }
  const { functions } = await knowledge.catalog();
  const engine = functions.filter((fn) => sameName(fn.name, name));
  return engine.length === 0 ? undefined : engineText(engine);
}

function macroText(statements: readonly PlacedStatement[], name: string): string | undefined {
  const found = statements.findLast((statement) => {
    const definition = mayDefine(statement) ? statement.syntax.definition : undefined;
    return definition?.kind === 'MACRO' && sameName(definition.name.text, name);
  });
  return found && code(shortText(found.text));
}

function pluginText({ fn, module, uri, range }: KnownFunction): string {
  const kinds = { aggregate: ' An aggregate.', table: ' A table function.' };
  const notes = `${fn.kind === undefined ? '' : kinds[fn.kind]}${fn.deterministic ? '' : ' Not deterministic.'}`;
  const file = uri === undefined ? module : decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
  const line = range === undefined ? '' : `#L${range.start.line + 1}`;
  const origin =
    uri === undefined ? `Plugin ${escaped(module)}.` : `Plugin [${escaped(file)}](${uri}${line}).`;
  return paragraphs(code(signatureText(fn)), escaped(fn.doc), `${origin}${notes}`) ?? '';
}

/** What calls of a plugin's function cost in this session, in the last run and in the last benchmark, as far as known. */
export function costTexts({ use, lastRun, benchmark }: SummaryResult): readonly (string | undefined)[] {
  return [
    use && `${figuresText(use)} of this session.`,
    lastRun && `Last run: ${figuresText(lastRun)}, ${timeText(lastRun.atMs)}.`,
    benchmark &&
      `Last benchmark: ${figuresText(benchmark)} in ${counted(benchmark.runs, 'run')}, ${timeText(benchmark.atMs)}.`,
  ];
}

/** What calls cost: `1.2 µs and 310 instructions a row, over 1,204 rows`. */
function figuresText({ rows, micros, fuel }: FunctionUseSummary): string {
  const time = micros / rows;
  const instructions = fuel === 0 ? '' : ` and ${counted(Math.round(fuel / rows), 'instruction')}`;
  return `${time < 10 ? time.toFixed(2) : Math.round(time).toLocaleString('en-US')} µs${instructions} a row, over ${counted(rows, 'row')}`;
}

/** A moment in the time of this machine: `2026-03-01 14:02`. */
function timeText(atMs: number): string {
  const local = new Date(atMs - new Date(atMs).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16).replace('T', ' ');
}

function engineText(functions: readonly CatalogFunction[]): string | undefined {
  const signatures = [...new Set(functions.flatMap((fn) => fn.signatures))];
  const more = signatures.length > 8 ? `and ${signatures.length - 8} more` : '';
  const doc = functions.find((fn) => fn.doc !== '')?.doc ?? '';
  return paragraphs(code(signatures.slice(0, 8).join('\n')), more, escaped(doc));
}

import {
  type WitFunction,
  type WitWorld,
  witFunctionText,
} from '../../wasm-core/binary/components/wit-types.ts';
import type { WorkerDiagnostic } from '../compilers/compile-types.ts';
import { type ComponentTools, readWorld } from '../compilers/component.ts';
import type { WitPackage } from './wit-package.ts';

/** The part of wasm-tools that reads WIT. */
export interface WitTools extends ComponentTools {
  /** A module without code for a world; throws on text that is no WIT. */
  readonly componentEmbed: (options: {
    readonly witSource: string;
    readonly world: string;
    readonly dummy: true;
  }) => Promise<Uint8Array>;
  readonly componentNew: (module: Uint8Array, adapters: []) => Promise<Uint8Array>;
}

/** A component beside a file of WIT. */
export interface NamedComponent {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * What is wrong with a file of WIT, by wasm-tools: one error, at its place; and in what the components beside it are
 * not as its world says.
 */
export async function checkWit(
  tools: WitTools,
  given: WitPackage,
  components: readonly NamedComponent[],
): Promise<WorkerDiagnostic[]> {
  const failure = await failureOf(tools, given);
  if (failure !== undefined) {
    const place = await placeOf(tools, given, failure);
    return place === undefined
      ? []
      : [{ severity: 'error', code: 'wit', message: sentence(failure), ...place }];
  }
  const embedded = await tools.componentEmbed({ witSource: given.text, world: given.world, dummy: true });
  const { world } = await readWorld(tools, await tools.componentNew(embedded, []));
  const found: WorkerDiagnostic[] = [];
  for (const component of components) found.push(...(await compare(tools, given, { world, component })));
  return found;
}

async function failureOf(tools: WitTools, { text, world }: WitPackage): Promise<string | undefined> {
  try {
    await tools.componentEmbed({ witSource: text, world, dummy: true });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const TOKEN = /\/\/.*|\/\*[\s\S]*?(?:\*\/|$)|->|%?[\p{L}\d_][\p{L}\d_-]*|"[^"\n]*"|\S/gu;

/**
 * Where a failure is. wasm-tools does not say; but a text that ends before the fault fails in another way, so that the
 * place is where the failure first appears, or, for what the syntax does not forbid, where the name stands that it names.
 *
 * @returns undefined when the failure is in another file
 */
async function placeOf(
  tools: WitTools,
  given: WitPackage,
  failure: string,
): Promise<{ readonly start: number; readonly end: number } | undefined> {
  const own = given.text.slice(0, given.ownLength);
  const rest = given.text.slice(given.ownLength);
  const tokens = [...own.matchAll(TOKEN)]
    .map((match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }))
    .filter(({ text }) => !/^\/[/*]/.test(text));
  if ((await failureOf(tools, { ...given, text: rest })) === failure) return undefined;
  let [low, high] = [1, tokens.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const text = own.slice(0, tokens[middle - 1]?.end ?? 0);
    if ((await failureOf(tools, { ...given, text })) === failure) high = middle;
    else low = middle + 1;
  }
  const first = tokens[low - 1];
  const last = tokens.at(-1);
  if (first === undefined || last === undefined) return { start: 0, end: own.length };
  if (first !== last) return first;
  return namedPlace(tokens, failure) ?? { start: last.start, end: last.end };
}

/** The place of the first name that a message puts in backticks. */
function namedPlace(
  tokens: readonly { readonly text: string; readonly start: number; readonly end: number }[],
  failure: string,
): { readonly start: number; readonly end: number } | undefined {
  for (const [, name = ''] of failure.matchAll(/`([^`]+)`/g)) {
    const at = tokens.find(({ text }) => text.replace(/^%/, '') === name.replace(/^.*[:/]|@.*$/g, ''));
    if (at !== undefined) return { start: at.start, end: at.end };
  }
  return undefined;
}

/** In what a component is not as a world says. */
async function compare(
  tools: WitTools,
  { text, ownLength, world: name }: WitPackage,
  { world, component }: { readonly world: WitWorld; readonly component: NamedComponent },
): Promise<WorkerDiagnostic[]> {
  let actual: WitWorld;
  try {
    actual = (await readWorld(tools, component.bytes)).world;
  } catch {
    // What is wrong with it is told where it is a plugin.
    return [];
  }
  const exported = new Map(actual.exports.map((fn) => [keyOf(fn), fn]));
  return world.exports.flatMap((fn) => {
    const other = exported.get(keyOf(fn));
    if (other !== undefined && witFunctionText(other) === witFunctionText(fn)) return [];
    const has = other === undefined ? 'does not export it' : `exports ${witFunctionText(other)}`;
    const message = `This world exports ${witFunctionText(fn)}; ${component.name} ${has}. Build the component again.`;
    return [
      { severity: 'warning', code: 'wit/world', message, ...worldPlace(text.slice(0, ownLength), name, fn) },
    ];
  });
}

function worldPlace(text: string, world: string, fn: WitFunction): { start: number; end: number } {
  const at =
    new RegExp(`(?<=\\s)%?${fn.name}(?=\\s*:)`).exec(text) ??
    new RegExp(`(?<=world\\s+%?)${world}`).exec(text);
  return at === null ? { start: 0, end: 0 } : { start: at.index, end: at.index + at[0].length };
}

function keyOf(fn: WitFunction): string {
  return `${fn.interface ?? ''}#${fn.name}`;
}

function sentence(message: string): string {
  const text = message.trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}

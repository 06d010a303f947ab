import { type Effect, readEffect } from './statement-effect.ts';
import { statementNames, statementWords } from './statement-words.ts';

/*
 * Which statements of a text another one depends on, from their texts alone: those that define, change or drop what it
 * names, and those that change how names are looked up. The language server asks by it what an edit touches, and the
 * engine replays by it what a statement needs. Too many dependencies cost time; one too few would be a wrong answer, so
 * names are compared by their last part, in any case, wherever they stand.
 */

/** What is told of one statement by its text alone. */
export interface StatementFacts {
  /** Every word, quoted name and short text that it has, lower-case. */
  readonly names: ReadonlySet<string>;
  /** Whether it has the name of what it defines once more. */
  readonly namesItself: boolean;
  /** What it does to the statements behind it; absent when that is nothing. */
  readonly effect?: Effect;
}

/** Reads one statement, which need not be right. */
export function readStatement(text: string): StatementFacts {
  const names = statementNames(text);
  if (!MAY_HAVE_EFFECT.test(text)) return { names, namesItself: false };
  const words = statementWords(text);
  const effect = readEffect(words);
  if (effect === undefined) return { names, namesItself: false };
  const own = new Set(effect.targets.map(({ name }) => name));
  const mentions = words.flatMap((word) => word.names.filter((name) => own.has(name))).length;
  return { names, namesItself: mentions > effect.targets.length, effect };
}

/** Most statements are queries, which are not looked at word by word; few of these keep broken rows in tables. */
const MAY_HAVE_EFFECT =
  /^(?:CREATE|ALTER|DROP|ATTACH|DETACH|USE|SET|RESET|PRAGMA|PREPARE|DEALLOCATE|IMPORT|COPY)\b|\b(?:store_rejects|rejects_table|rejects_scan)\b/i;

/**
 * The statements that each statement depends on directly: earlier ones, in order, each with an effect.
 *
 * @param statements of one text, in order
 */
export function dependenciesOf(statements: readonly StatementFacts[]): number[][] {
  const scope = new Scope();
  return statements.map((facts, index) => {
    const found = scope.dependencies(facts);
    scope.add(facts, index);
    return [...found].sort((a, b) => a - b);
  });
}

/**
 * The statements that some statements depend on, directly or not.
 *
 * @param dependencies as `dependenciesOf` gives them
 */
export function closureOf(dependencies: readonly (readonly number[])[], of: Iterable<number>): Set<number> {
  const found = new Set<number>();
  const open = [...of];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    for (const dependency of dependencies[index] ?? []) {
      if (found.has(dependency)) continue;
      found.add(dependency);
      open.push(dependency);
    }
  }
  return found;
}

/** Who last did something to a name. */
interface Holder {
  readonly index: number;
  /** As it was written; undefined when what went before wrote it otherwise. */
  readonly path: string | undefined;
  /** The lookup that it was written under. */
  readonly lookup: number | undefined;
}

class Scope {
  readonly #holders = new Map<string, Holder>();
  /** Names that views, macros and prepared statements mention, which are looked up when these are used. */
  readonly #bodies = new Map<string, ReadonlySet<string>>();
  /** The last statement that changed how names are looked up. */
  #lookup: number | undefined;

  dependencies(facts: StatementFacts): Set<number> {
    const found = new Set<number>();
    if (this.#lookup !== undefined) found.add(this.#lookup);
    const names = this.#allNames(facts);
    // A few names are looked for among many, not the other way round.
    const fewer = names.size < this.#holders.size ? names : this.#holders.keys();
    for (const name of fewer) {
      const holder = names.has(name) ? this.#holders.get(name) : undefined;
      if (holder !== undefined && !this.#startsAfresh(facts, { name, holder })) found.add(holder.index);
    }
    return found;
  }

  add({ names, effect }: StatementFacts, index: number): void {
    if (effect === undefined) return;
    for (const { name, path } of effect.targets) {
      const before = this.#holders.get(name);
      const isSame = before === undefined || (before.path === path && before.lookup === this.#lookup);
      const isFresh = effect.startsAfresh && effect.targets.length === 1;
      this.#holders.set(name, { index, path: isSame || isFresh ? path : undefined, lookup: this.#lookup });
      if (effect.isLate) this.#bodies.set(name, names);
      else this.#bodies.delete(name);
    }
    if (effect.changesLookup) this.#lookup = index;
  }

  /** What a statement names, and what the views, macros and prepared statements name that it uses. */
  #allNames({ names }: StatementFacts): ReadonlySet<string> {
    const used = [...this.#bodies.keys()].filter((name) => names.has(name));
    if (used.length === 0) return names;
    const found = new Set(names);
    for (let name = used.pop(); name !== undefined; name = used.pop()) {
      for (const inner of this.#bodies.get(name) ?? []) {
        if (found.has(inner)) continue;
        found.add(inner);
        used.push(inner);
      }
    }
    return found;
  }

  /** `CREATE OR REPLACE t` does away with all that was `t` before, unless it reads it. */
  #startsAfresh(
    { namesItself, effect }: StatementFacts,
    { name, holder }: { readonly name: string; readonly holder: Holder },
  ): boolean {
    const [target] = effect?.targets ?? [];
    if (effect?.startsAfresh !== true || target?.name !== name || effect.targets.length > 1) return false;
    return !namesItself && holder.path === target.path && holder.lookup === this.#lookup;
  }
}

import { ownText } from '../../own-text.ts';
import type { LintFinding } from './lint.ts';

interface Kept {
  readonly findings: readonly LintFinding[];
  /** When they are to be found anew, milliseconds of the clock; absent: never, since they come of the text alone. */
  readonly until?: number;
}

/** Wraps a question, so that it is noted that the findings depend on its answer. */
export type Depends = <A extends readonly unknown[], R>(ask: (...given: A) => R) => (...given: A) => R;

/** How long findings are good that depend on files and tables, which may change untold, milliseconds. */
const GOOD_MS = 30_000;

/** The findings of one statement, by the code of the lint. */
export class StatementFindings {
  private readonly kept = new Map<string, Kept>();

  /** What was found last, though it may be to be found anew; undefined when nothing was looked at yet. */
  known(code: string): readonly LintFinding[] | undefined {
    return this.kept.get(code)?.findings;
  }

  /** What was found, unless it is to be found anew. */
  good(code: string): readonly LintFinding[] | undefined {
    const kept = this.kept.get(code);
    return kept !== undefined && (kept.until === undefined || kept.until > Date.now())
      ? kept.findings
      : undefined;
  }

  /** Finds anew; it is kept unless the signal ended it early. */
  async find(
    code: string,
    signal: AbortSignal,
    look: (depends: Depends) => Promise<readonly LintFinding[]>,
  ): Promise<readonly LintFinding[]> {
    let hasAsked = false;
    const depends: Depends =
      (ask) =>
      (...given) => {
        hasAsked = true;
        return ask(...given);
      };
    const findings = await look(depends);
    if (!signal.aborted) {
      this.kept.set(code, hasAsked ? { findings, until: Date.now() + GOOD_MS } : { findings });
    }
    return findings;
  }

  /** Findings that depend on more than the text are to be found anew. */
  forget(): void {
    for (const [code, { findings, until }] of this.kept) {
      if (until !== undefined) this.kept.set(code, { findings, until: 0 });
    }
  }
}

/** How many statements' findings are kept, the newest. */
const KEPT = 10_000;

/** The findings of lints, by what they looked at. */
export class FindingCache {
  private readonly statements = new Map<string, StatementFindings>();

  /** The findings of a statement that was looked at; nothing is made for another. */
  known(key: string): StatementFindings | undefined {
    return this.statements.get(key);
  }

  /** The findings of a statement, none yet for a new one. */
  of(key: string): StatementFindings {
    const known = this.statements.get(key);
    if (known !== undefined) return known;
    const made = new StatementFindings();
    this.statements.set(ownText(key), made);
    const [oldest] = this.statements.keys();
    if (this.statements.size > KEPT && oldest !== undefined) this.statements.delete(oldest);
    return made;
  }

  /** Findings that depend on more than the text are to be found anew. */
  forget(): void {
    for (const findings of this.statements.values()) findings.forget();
  }
}

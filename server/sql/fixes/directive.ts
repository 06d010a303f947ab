import { DIRECTIVE_HINTS } from '../directives/directive-codes.ts';
import { candidatesOf } from './candidates.ts';
import { type Fix, quickFix } from './fix.ts';

/** What may have been meant in place of a word of a directive that is not known. */
export const directiveWords: Fix = {
  codes: DIRECTIVE_HINTS.map(({ code }) => code),
  actions: (fault) => {
    const { document, diagnostic, span } = fault;
    const written = document.getText(diagnostic.range);
    // A directive that does not exist is marked as a whole; its name alone is another.
    const name = /^--\s*@(?=\w)/.exec(written)?.[0].length;
    const length = name === undefined ? written.length : (/^\w+/.exec(written.slice(name))?.[0].length ?? 0);
    const start = span.start + (name ?? 0);
    return candidatesOf(diagnostic.data).map((candidate, index) => ({
      ...quickFix(fault, `Change to ${name === undefined ? '' : '@'}${candidate}`, [
        { start, end: start + length, text: candidate },
      ]),
      isPreferred: index === 0,
    }));
  },
};

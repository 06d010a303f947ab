import type { RunParams } from '../../../protocol/methods.ts';
import { UsageError } from '../report-error.ts';

/**
 * Values of `--param name=value`: numbers, true, false and NULL are such, text in double quotes is text whatever it
 * says, and anything else is text, too.
 *
 * @throws UsageError for one without a name
 */
export function parseParameters(texts: readonly string[]): NonNullable<RunParams['parameters']> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = /^\$?([\p{L}_][\p{L}\p{N}_]*|\d+)=(.*)$/su.exec(text) ?? [];
      if (name === undefined || value === undefined) {
        throw new UsageError(`--param takes name=value, and ${JSON.stringify(text)} is not that`);
      }
      return [name, parseValue(value)];
    }),
  );
}

function parseValue(text: string): string | number | boolean | null {
  if (/^null$/i.test(text)) return null;
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (/^".*"$/s.test(text)) return text.slice(1, -1);
  const number = Number(text);
  // Digits that a double cannot hold stay text, which the engine casts exactly.
  const exact = /^-?(0|[1-9]\d*)$/.test(text) ? Number.isSafeInteger(number) : Number.isFinite(number);
  return /^-?(0|[1-9]\d*)(\.\d+)?(e[+-]?\d+)?$/i.test(text) && exact ? number : text;
}

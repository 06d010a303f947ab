/** Rules by which one value of a result equals one of a file, after DuckDB's test runner. */

/** How a pattern in the place of a value begins. */
const PATTERN = /^<(!?)REGEX>:/;

/**
 * Whether a value is the one that a file expects.
 *
 * @param type the column's, in DuckDB's words: numbers equal when they do in that type, FLOAT and DOUBLE when they are
 *   within a hundredth of each other
 * @param expected may be `<REGEX>:` or `<!REGEX>:` and a pattern for the whole value
 */
export function valuesEqual(actual: string, expected: string, type: string): boolean {
  if (actual === expected) return true;
  if (PATTERN.test(expected)) return matchesPattern(actual, expected);
  if (type === 'BOOLEAN') return truth(actual) === truth(expected) && truth(actual) !== undefined;
  if (actual === 'NULL' || expected === 'NULL') return false;
  if (type === 'FLOAT' || type === 'DOUBLE') return nearlyEqual(number(actual), number(expected));
  if (/^(U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)|BIGNUM)$/.test(type))
    return integersEqual(actual, expected);
  const scale = /^DECIMAL\(\d+,(\d+)\)$/.exec(type)?.[1];
  return scale !== undefined && decimalsEqual(actual, expected, Number(scale));
}

/** Whether a text is such a pattern. */
export function isPattern(expected: string): boolean {
  return PATTERN.test(expected);
}

/**
 * Whether a text is what a pattern says.
 *
 * @param pattern with `<REGEX>:` or `<!REGEX>:` in front; one that is no regular expression matches nothing
 */
export function matchesPattern(actual: string, pattern: string): boolean {
  const negated = pattern.startsWith('<!');
  // RE2 writes flags in front, which JavaScript takes beside the pattern.
  const [, flags = '', source = ''] = /^(?:\(\?([a-z]+)\))?(.*)$/s.exec(pattern.replace(PATTERN, '')) ?? [];
  try {
    const expression = new RegExp(`^(?:${source})$`, `s${flags.replace(/[^im]/g, '')}`);
    return expression.test(actual) !== negated;
  } catch {
    return false;
  }
}

function truth(text: string): boolean | undefined {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === '1') return true;
  return lower === 'false' || lower === '0' ? false : undefined;
}

/** A number as DuckDB reads it; undefined when it is none. */
function number(text: string): number | undefined {
  if (/^[+-]?nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? undefined : value;
}

function nearlyEqual(a: number | undefined, b: number | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (Object.is(a, b) || a === b) return true;
  return Number.isFinite(b) && Math.abs(a - b) <= Math.abs(b) * 0.01 + 0.000_000_01;
}

function integersEqual(actual: string, written: string): boolean {
  // DuckDB reads digits with single underscores between them.
  const expected = written.trim().replace(/(?<=\d)_(?=\d)/g, '');
  const [, whole, fraction] = /^([+-]?\d+)(\.\d*)?$/.exec(expected) ?? [];
  if (whole === undefined) return Number(expected) === Number(actual) && expected !== '';
  // A cast rounds half away from zero.
  const up = /^\.[5-9]/.test(fraction ?? '') ? 1n : 0n;
  return BigInt(actual) === BigInt(whole) + (whole.startsWith('-') ? -up : up);
}

function decimalsEqual(actual: string, expected: string, scale: number): boolean {
  const [a, b] = [scaled(actual, scale), scaled(expected, scale)];
  return a !== undefined && a === b;
}

/** A decimal as a whole number of its smallest unit. */
function scaled(text: string, scale: number): bigint | undefined {
  const [, sign, whole = '', fraction = ''] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text.trim()) ?? [];
  if (whole === '' && fraction === '') return undefined;
  const digits = BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale) || '0');
  const rounded = /^[5-9]/.test(fraction.slice(scale)) ? digits + 1n : digits;
  return sign === '-' ? -rounded : rounded;
}

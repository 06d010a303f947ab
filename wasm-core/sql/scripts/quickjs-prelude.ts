import { LARGE_INTEGER_KEY } from './large-integers.ts';

/** How stacks call the user's code. */
export const SCRIPT_FILE = 'script.js';

/**
 * What runs in QuickJS around a script: rows in, a `ScriptAnswer` out. It keeps what it uses of the language before the
 * script can change it. `__quern.bind` takes the function, `__quern.call` the rows.
 */
export const PRELUDE = `
(() => {
  const { parse, stringify } = JSON;
  const toBigInt = BigInt;
  const { apply } = Reflect;
  const exec = RegExp.prototype.exec;
  const PLACE = /script\\.js:(\\d+)(?::(\\d+))?/;
  const KEY = ${JSON.stringify(LARGE_INTEGER_KEY)};
  const MARK = ${JSON.stringify(JSON.stringify(LARGE_INTEGER_KEY))};
  const revive = (key, value) =>
    typeof value === 'object' && value !== null && typeof value[KEY] === 'string' ? toBigInt(value[KEY]) : value;
  const place = (error) => {
    const found = apply(exec, PLACE, [String(error?.stack ?? '')]);
    return found === null ? {} : { line: +found[1], ...(found[2] ? { column: +found[2] } : {}) };
  };
  const shown = (value) => {
    try { return typeof value === 'function' ? 'a function' : (stringify(value) ?? String(value)).slice(0, 60); }
    catch { return typeof value; }
  };
  let keep;
  globalThis.__quern = {
    bind(f) {
      if (f === undefined) throw new TypeError('no function');
      keep = f;
    },
    call(text) {
      const rows = parse(text, text.includes(MARK) ? revive : undefined);
      let verdicts = '';
      for (let row = 0; row < rows.length; row++) {
        try {
          const value = apply(keep, undefined, rows[row]);
          if (value === true) verdicts += 't';
          else if (value === false) verdicts += 'f';
          else if (value === null || value === undefined) verdicts += 'n';
          else return stringify({ row, error: 'it returned ' + shown(value) + '; return true, false or null' });
        } catch (error) {
          if (error instanceof InternalError && error.message === 'out of memory') throw error;
          const what = error instanceof Error ? error.name + ': ' + error.message : 'it threw ' + shown(error);
          return stringify({ row, error: what, ...place(error) });
        }
      }
      return stringify({ verdicts });
    },
  };
})();
`;

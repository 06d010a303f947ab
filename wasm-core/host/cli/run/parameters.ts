import type { RunParams } from '../../../protocol/methods.ts';
import { parseParameterValue } from '../../../protocol/parameters.ts';
import { UsageError } from '../report-error.ts';

/**
 * Values of `--param name=value`; `parseParameterValue` says how values are read.
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
      return [name, parseParameterValue(value)];
    }),
  );
}

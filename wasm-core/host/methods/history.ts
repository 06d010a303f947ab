import { CoreError } from '../../protocol/errors.ts';
import type { HistoryEntry } from '../../protocol/history.ts';
import { KeptResults } from '../../sql/kept-results/node/kept-results.ts';
import type { HostContext, Methods } from '../context.ts';
import {
  type Params,
  readOptionalAbsolutePath,
  readOptionalInteger,
  readOptionalString,
  readParams,
  readString,
} from '../params.ts';
import { reopenKept } from '../reopen-kept.ts';

/** Runs listed when nobody says how many. */
const DEFAULT_LIMIT = 100;

type HistoryMethod = 'history/list' | 'history/result' | 'history/clear';

/** What was run. */
export function historyMethods({ history, kept, sessions }: HostContext): Methods<HistoryMethod> {
  return {
    'history/list': async (value) => {
      const params = readParams(value, ['folder', 'limit', 'text']);
      const limit = readOptionalInteger(params, 'limit', { min: 1, max: 10_000 }) ?? DEFAULT_LIMIT;
      const text = readOptionalString(params, 'text');
      const query = { limit, ...readFolder(params), ...(text !== undefined && { text }) };
      await history.settled();
      const { entries, locked } = await history.store.list(query);
      return { entries, ...(locked > 0 && { locked }) };
    },
    'history/result': async (value, call) => {
      const params = readParams(value, ['session', 'id']);
      const { resultsFolder } = sessions.get(readString(params, 'session'), call.client);
      const id = readString(params, 'id');
      await history.settled();
      const results = new KeptResults(kept());
      const entry = await history.store.get(id);
      if (entry === undefined) {
        const message = `The history has no run ${JSON.stringify(id.slice(0, 100))}; quern history shows those that it has.`;
        throw new CoreError('HISTORY_UNKNOWN', message, { id: id.slice(0, 100) });
      }
      const { outcome } = entry;
      const keys = outcome.type === 'done' ? outcome.statements.map((each) => each.kept) : [];
      return {
        entry,
        statements: await Promise.all(keys.map((key) => reopenKept(results, { key, resultsFolder }))),
      };
    },
    'history/clear': async (value) => {
      const { folder } = readFolder(readParams(value, ['folder']));
      await history.settled();
      const deleted = await history.store.clear(folder);
      const results = new KeptResults(kept());
      await results.delete(deleted.flatMap(keptBy));
      if (folder === undefined) await results.clear();
      return { deleted: deleted.length };
    },
  };
}

function keptBy({ outcome }: HistoryEntry): string[] {
  return outcome.type === 'done' ? outcome.statements.flatMap(({ kept }) => kept ?? []) : [];
}

function readFolder(params: Params): { readonly folder?: string } {
  const folder = readOptionalAbsolutePath(params, 'folder');
  return { ...(folder !== undefined && { folder }) };
}

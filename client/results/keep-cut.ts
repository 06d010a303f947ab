import type { HostParts } from './ask-host.ts';
import type { RunContent } from './run-content.ts';
import type { CutMemo } from './run-memo.ts';
import { mayKeepRows } from './run-memory.ts';

/**
 * Has the host keep the rows that were cut off of a run, so that a later window can show them.
 *
 * @returns undefined where there are none, or they are not to be kept, or cannot be
 */
export async function keepCut(
  { link, sessions }: HostParts,
  { given, shown, state }: RunContent,
): Promise<CutMemo | undefined> {
  const cut = given.find(({ isCut }) => isCut);
  const view = shown?.views.find(({ id }) => id === cut?.id);
  if (cut?.statement.file === undefined || view?.cut === undefined) return undefined;
  if (!mayKeepRows()) return undefined;
  const failure = state.type === 'results' ? state.failure : undefined;
  const { path, schemaByteLength } = cut.statement.file;
  const { columns, rowCount, pages, cost } = view;
  try {
    const { session } = await sessions.open(cut.document);
    const result = { path, columns, rowCount };
    const rows = { session, result, schemaByteLength, pages, micros: Math.round(cost.micros) };
    const { kept } = await link.request('result/keep', rows);
    if (kept === null) return undefined;
    return {
      kept,
      why: view.cut,
      ...(failure && { failure: { title: failure.title, message: failure.message } }),
    };
  } catch {
    // They are shown all the same.
    return undefined;
  }
}

import type { CodeLens } from 'vscode-languageserver';
import type { EmbeddedText, RunTarget } from '../../wasm-core/protocol/lsp.ts';

/**
 * The lenses whose statements can be run as they stand in the document around them, each told where the comments above
 * its statement begin.
 *
 * @param lenses each with a `RunTarget` as its command's first argument
 */
export function runnableLenses({ statements }: EmbeddedText, lenses: readonly CodeLens[]): CodeLens[] {
  return lenses.flatMap((lens) => {
    const target = lens.command?.arguments?.[0] as RunTarget | undefined;
    const statement = statements[target?.statementIndex ?? -1];
    if (lens.command === undefined || target === undefined || statement?.isRunnable !== true) return [];
    const own: RunTarget = { ...target, from: statement.from };
    return [{ ...lens, command: { ...lens.command, arguments: [own] } }];
  });
}

import { leadingStart } from '../../wasm-core/protocol/directives.ts';
import type { EmbeddedText } from '../../wasm-core/protocol/lsp.ts';
import type { StatementRange } from '../../wasm-core/protocol/statements.ts';
import { holesIn } from './hole-faults.ts';
import type { VirtualDocument } from './virtual-document.ts';

/**
 * The statements of SQL inside a document of another language, as a run sends them: with the text of that document, in
 * which a hole or an escape is no SQL.
 *
 * @param ranges all statements of the virtual document
 */
export function embeddedText({ parts }: VirtualDocument, ranges: readonly StatementRange[]): EmbeddedText {
  const substitutions = parts.flatMap((part) => part.substitutions);
  const statements = ranges.map(({ start, end }, index) => {
    const part = parts.findLast((other) => other.start <= start);
    // What stands above the part is of the other language, whatever it looks like.
    const from = Math.max(leadingStart(ranges, index), part?.start ?? start);
    const isPlain = holesIn({ start: from, end: start }, substitutions).length === 0;
    const isRunnable = holesIn({ start, end }, substitutions).length === 0;
    return { from: isPlain ? from : start, start, end, isRunnable };
  });
  return { parts: parts.map(({ start, end }) => ({ start, end })), statements };
}

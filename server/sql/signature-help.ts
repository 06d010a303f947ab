import type { SignatureHelp } from 'vscode-languageserver';
import { type SqlKnowledge, signatureText } from './knowledge.ts';
import { callAt } from './names.ts';

/** The parameters of the function whose arguments are being typed. */
export async function helpWithSignature(
  text: string,
  offset: number,
  knowledge: SqlKnowledge,
): Promise<SignatureHelp | null> {
  const call = callAt(text, offset);
  if (call === undefined) return null;
  const name = call.name.toLowerCase();
  const plugin = (await knowledge.functions()).find(({ fn }) => fn.name === name)?.fn;
  if (plugin !== undefined) {
    const parameters = plugin.parameters.map((p) => ({ label: `${p.name} ${p.type}` }));
    const signature = { label: signatureText(plugin), documentation: plugin.doc, parameters };
    return { signatures: [signature], activeSignature: 0, activeParameter: call.argument };
  }
  const { functions } = await knowledge.catalog();
  const signatures = functions
    .filter((fn) => fn.name.toLowerCase() === name)
    .flatMap((fn) =>
      fn.signatures.map((label) => ({ label, documentation: fn.doc, parameters: parametersOf(label) })),
    );
  if (signatures.length === 0) return null;
  const fitting = signatures.findIndex((s) => s.parameters.length > call.argument);
  return { signatures, activeSignature: Math.max(0, fitting), activeParameter: call.argument };
}

/** Where the parameters stand in a text such as `lower(VARCHAR) -> VARCHAR`; a type may have commas of its own. */
function parametersOf(label: string): { label: [number, number] }[] {
  const parameters: { label: [number, number] }[] = [];
  let depth = 0;
  let start = -1;
  for (const [index, c] of [...label].entries()) {
    if (c === '(' && depth++ === 0) start = index + 1;
    const ends = depth === 1 && (c === ',' || c === ')');
    if (ends && start >= 0 && index > start) parameters.push({ label: [start, index] });
    if (ends) start = index + 2;
    if (c === ')' && --depth === 0) return parameters;
  }
  return parameters;
}

import type { SignatureHelp } from 'vscode-languageserver';
import { INSTRUCTION_DOCS, type InstructionDoc } from '../instructions/instruction-docs.ts';
import type { WatNames } from '../names/names.ts';
import { BLOCK_INSTRUCTIONS, INSTRUCTIONS } from '../syntax/instruction-table.ts';
import type { WatForm, WatInstruction } from '../syntax/tree.ts';
import { formsAround } from './form-path.ts';
import { type KnownType, knownType } from './known-type.ts';
import type { WatPlace } from './place.ts';

/** The operands of the folded instruction around a position, and which of them is being written. */
export function helpWithWat({ names, offset }: WatPlace): SignatureHelp | null {
  const path = formsAround(names.syntax, offset);
  const around: Around = { names, instructions: foldedIn(names, path) };
  for (const form of path.reverse()) {
    if (!INSTRUCTIONS.has(form.head) || BLOCK_INSTRUCTIONS.has(form.head)) {
      // What stands in a block is no operand of what is around it.
      if (form.head !== '') return null;
      continue;
    }
    const [word] = form.items;
    if (word === undefined || word.end >= offset) continue;
    const signature = signatureOf(form, around);
    if (signature === undefined || signature.operands.length === 0) continue;
    return help(form, signature, countBefore(form, offset, around));
  }
  return null;
}

interface Signature extends KnownType {
  readonly doc: InstructionDoc | undefined;
}

interface Around {
  readonly names: WatNames;
  /** The folded instructions of the function, by their forms. */
  readonly instructions: ReadonlyMap<WatForm, WatInstruction>;
}

function foldedIn({ syntax }: WatNames, path: readonly WatForm[]): Map<WatForm, WatInstruction> {
  const forms = new Set(path);
  const field = syntax.fields.find(({ form }) => forms.has(form));
  const body = field !== undefined && 'body' in field ? field.body : [];
  return new Map(
    body.flatMap((instruction) => (instruction.form === undefined ? [] : [[instruction.form, instruction]])),
  );
}

function help(form: WatForm, { operands, results, doc }: Signature, count: number): SignatureHelp {
  const named = form.items.slice(1).find((item) => item.kind !== 'form');
  const target = named !== undefined && named.kind === 'id' ? ` ${named.text}` : '';
  let label = `${form.head}${target} [`;
  const parameters = operands.map((operand, index) => {
    if (index > 0) label += ', ';
    const start = label.length;
    label += operand;
    return { label: [start, label.length] as [number, number] };
  });
  label += `] -> [${results.join(', ')}]`;
  const last = operands.length - 1;
  // Of `t*` there may be any number; behind the others nothing is marked.
  const isMany = operands[last]?.endsWith('*') === true;
  return {
    signatures: [{ label, parameters, ...(doc && { documentation: doc.text }) }],
    activeSignature: 0,
    activeParameter: isMany ? Math.min(count, last) : count,
  };
}

/** How many operands stand before a position: as many as the forms there give. */
function countBefore(form: WatForm, offset: number, around: Around): number {
  let count = 0;
  for (const item of form.items) {
    if (item.kind !== 'form' || item.end > offset || item.close === undefined) continue;
    if (['type', 'param', 'result'].includes(item.head)) continue;
    const results = signatureOf(item, around)?.results;
    // What depends on more than is known is mostly one value.
    count += results === undefined || results.some((type) => type.endsWith('*')) ? 1 : results.length;
  }
  return count;
}

function signatureOf(form: WatForm, around: Around): Signature | undefined {
  const doc = INSTRUCTION_DOCS.get(form.head);
  const instruction = around.instructions.get(form);
  const own = instruction && knownType(instruction, around.names);
  if (own !== undefined) return { ...own, doc };
  if (doc?.type === undefined) return undefined;
  const { operands, results } = doc.type;
  return {
    operands: operands.map(({ name, type }) => (name === '' ? type : `${name}: ${type}`)),
    results,
    doc,
  };
}

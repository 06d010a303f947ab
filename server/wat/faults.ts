import { bindWat } from './names/bind-wat.ts';
import type { WatNames } from './names/names.ts';
import { parseWat } from './syntax/parse-wat.ts';
import type { WatSpan } from './syntax/tree.ts';

/** An error of a text that can be told without compiling it. */
export interface WatFault extends WatSpan {
  readonly code: WatFaultCode;
  readonly message: string;
}

/** Codes of faults in the order of their pages. */
export const WAT_FAULT_CODES = ['wat/duplicate-name', 'wat/parse', 'wat/undefined-name'] as const;
export type WatFaultCode = (typeof WAT_FAULT_CODES)[number];

/** More are of no use to anyone. */
const MOST_FAULTS = 100;

/** The faults of a text's syntax and names, by place; the first ones, if there are very many. */
export function watFaults({ syntax, faults }: WatNames): WatFault[] {
  const parse = syntax.faults.map((fault): WatFault => ({ ...fault, code: 'wat/parse' }));
  return [...parse, ...faults].sort((a, b) => a.start - b.start).slice(0, MOST_FAULTS);
}

/** As `watFaults`, of a text that was not read yet. */
export function faultsOfWat(text: string): WatFault[] {
  return watFaults(bindWat(parseWat(text)));
}

import { blockFunction, getValue } from './codec-source.ts';
import { type Codec, isNullable, rowParameter } from './codecs.ts';
import type { Parameter, UdfFunction } from './definitions.ts';

type Takes = Pick<UdfFunction, 'parameters' | 'passesNulls'>;

/** Whether the row form can say what a function takes. */
export function hasRowForm({ parameters, passesNulls }: Takes): boolean {
  if (passesNulls) return false;
  return parameters.every(
    ({ value, variadic }) => !variadic && (value === 'document' || rowParameter(value) !== undefined),
  );
}

/** Parameters of the row form, and expressions that give the function's arguments. */
export function rowArguments({ parameters }: Takes): { declared: string[]; values: string[] } {
  // Numbered, because a parameter of the function may be called what a wrapper calls something of its own.
  const declared = parameters.flatMap(({ value }, k) => {
    if (value === 'document') return [];
    const form = rowParameter(value);
    if (form === 'bytes') return [`p${k}: usize, n${k}: i32`];
    return [`p${k}: ${form === 'block' ? 'usize' : form}`];
  });
  return { declared, values: parameters.map(({ value }, k) => rowValue(value, k)) };
}

/** The type of the row form's result, and statements that return it. */
export function rowResultOf(returns: Codec, call: string): { type: string; statements: string } {
  const isNull = returns.shape.kind === 'null';
  const base = returns.shape.kind === 'null' ? returns.shape.base : returns;
  switch (base.shape.kind) {
    case 'text':
      return { type: 'i64', statements: `return __quern_give_text(${call});` };
    case 'bytes':
      return { type: 'i64', statements: `return __quern_give_bytes(${call});` };
    case 'block': {
      const none = isNull ? 'if (v === null) return 0; ' : '';
      const store = `${blockFunction(base, 'store')}(__quern_block(), v); return __quern_block();`;
      return { type: 'usize', statements: `const v = ${call}; ${none}${store}` };
    }
    case 'bool':
      return { type: 'i32', statements: `return (${call}) ? 1 : 0;` };
    case 'number':
      return { type: base.shape.wasm, statements: `return <${base.shape.wasm}>(${call});` };
    default:
      throw new Error(`${returns.as} has no row form`);
  }
}

/** What a loop over a batch's rows needs of its arguments. */
export interface ArgumentLoads {
  /** Statements before the loop, which find the columns in `batch`. */
  readonly before: string;
  /** Whether row `i` has a NULL that the function cannot take; empty when no row has. */
  readonly skip: string;
  /** The arguments of row `i`. */
  readonly values: readonly string[];
}

/** AssemblyScript that reads the arguments of each row of a batch; the numbers' pointers are kept out of the loop. */
export function argumentLoads({ parameters, passesNulls }: Takes): ArgumentLoads {
  const before: string[] = [];
  const skips: string[] = [];
  const values: string[] = [];
  for (const [k, parameter] of parameters.entries()) {
    const { value, variadic } = parameter;
    if (value === 'document') {
      values.push('__quern_document');
      continue;
    }
    const at = `c${k}`;
    const index = columnIndex(parameters, k);
    before.push(`const ${at}: usize = batch + ${16 + 32 * index};`);
    const refusesNull = passesNulls && !isNullable(value);
    if (variadic) {
      before.push(`const r${k}: i32 = load<i32>(batch, 4) - ${index};`);
      if (refusesNull) skips.push(`__quern_any_null(${at}, r${k}, i)`);
      values.push(`__quern_rest${value.id}(${at}, r${k}, i)`);
      continue;
    }
    if (refusesNull) skips.push(`__quern_is_null(${at}, i)`);
    if (value.shape.kind === 'number') {
      before.push(
        `const d${k}: usize = load<usize>(${at}, 16), s${k}: usize = __quern_step(${at}, ${value.shape.bytes});`,
      );
      values.push(`load<${value.as}>(d${k} + <usize>i * s${k})`);
    } else values.push(getValue(value, at, 'i'));
  }
  return { before: before.join('\n  '), skip: skips.join(' || '), values };
}

/** A document has no column: the function reads its fields from the host. */
function columnIndex(parameters: readonly Parameter[], index: number): number {
  return parameters.slice(0, index).filter((p) => p.value !== 'document').length;
}

function rowValue(value: Parameter['value'], k: number): string {
  if (value === 'document') return '__quern_document';
  switch (value.shape.kind) {
    case 'text':
      return `__quern_text(p${k}, n${k})`;
    case 'bytes':
      return `__quern_take_bytes(p${k}, n${k})`;
    case 'block':
      return `${blockFunction(value, 'load')}(p${k})`;
    case 'bool':
      return `p${k} != 0`;
    default:
      return `<${value.as}>p${k}`;
  }
}

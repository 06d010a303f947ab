/** A type of WIT: a name with what stands in its angle brackets, such as `option<list<u8>>`. */
export interface WitType {
  readonly name: string;
  readonly arguments: readonly WitType[];
}

/** A function that a world exports. */
export interface WitFunction {
  /** The interface that it belongs to, as the world names it; absent: it is the world's own. */
  readonly interface?: string;
  readonly name: string;
  readonly parameters: readonly { readonly name: string; readonly type: WitType }[];
  /** Absent: it gives nothing. */
  readonly result?: WitType;
}

/** What a world imports and exports. */
export interface WitWorld {
  /** Names of interfaces and functions. */
  readonly imports: readonly string[];
  readonly exports: readonly WitFunction[];
  /** Interfaces of packages that it exports, by name; `liftedFunctions` tells what is in them. */
  readonly interfaces: readonly string[];
}

/** A type as WIT writes it. */
export function witTypeText({ name, arguments: given }: WitType): string {
  return given.length === 0 ? name : `${name}<${given.map(witTypeText).join(', ')}>`;
}

/** A function as WIT writes it, with its interface in front. */
export function witFunctionText(fn: WitFunction): string {
  const parameters = fn.parameters.map(({ name, type }) => `${name}: ${witTypeText(type)}`).join(', ');
  const result = fn.result === undefined ? '' : ` -> ${witTypeText(fn.result)}`;
  return `${fn.interface === undefined ? '' : `${fn.interface}#`}${fn.name}: func(${parameters})${result}`;
}

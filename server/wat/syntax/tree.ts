import type { WatToken } from './tokens.ts';

/** A part of a text, UTF-16 code units; the end is exclusive. */
export interface WatSpan {
  readonly start: number;
  readonly end: number;
}

/** Something that is no WebAssembly text, and what was expected. */
export interface SyntaxFault extends WatSpan {
  readonly message: string;
}

/** What stands between parentheses. */
export interface WatForm extends WatSpan {
  readonly kind: 'form';
  /** `(`, or of an annotation `(@name`. */
  readonly open: WatToken;
  /** Absent where the parenthesis is missing. */
  readonly close: WatToken | undefined;
  /** The keyword that it begins with, else empty. */
  readonly head: string;
  readonly parent: WatForm | undefined;
  /** Tokens and forms in their order, the keyword included, annotations left out. */
  readonly items: readonly WatItem[];
  readonly annotations: readonly WatForm[];
}

export type WatItem = WatToken | WatForm;

/** What a name or a number is looked up in; `label`, `local` and `field` are scoped, the others the module's. */
export type IndexSpace =
  | 'type'
  | 'func'
  | 'table'
  | 'memory'
  | 'global'
  | 'tag'
  | 'elem'
  | 'data'
  | 'local'
  | 'label'
  | 'field';

/** A place that names something by `$name` or number. */
export interface WatReference {
  readonly space: IndexSpace;
  /** An `id` or a `number`. */
  readonly token: WatToken;
  /** Of a field: what names its struct type. */
  readonly owner?: WatToken;
}

/** A parameter, local or field: one for each type that its form lists. */
export interface WatVariable {
  readonly id?: WatToken;
  /** Its type; empty where it is missing. */
  readonly type: WatSpan;
  /** The form that it stands in, such as `(local $i i32)`. */
  readonly form: WatForm;
}

/** The type of a function, block or tag: by its index, written out, or both. */
export interface TypeUse {
  /** What stands in `(type …)`. */
  readonly type?: WatReference;
  readonly parameters: readonly WatVariable[];
  readonly results: readonly WatSpan[];
}

/** An instruction of a body, in the order of the binary: operands come before what they are folded into. */
export interface WatInstruction extends WatSpan {
  /**
   * Its keyword: also `else`, `catch` and `delegate`, and `end`. Of an `end` that is not written, and of `then` and `do`,
   * which have no instruction, there is none.
   */
  readonly name: string;
  /** The keyword's token; of an `end` that stands for a parenthesis, that parenthesis, if it is there. */
  readonly word: WatToken | undefined;
  /** Where it is folded, its form: with its operands, and of a block its body. */
  readonly form: WatForm | undefined;
  /** What its immediates name, such as the function of a call. */
  readonly references: readonly WatReference[];
  /** Of a block: its label. */
  readonly label: WatToken | undefined;
  /** Of a block or an indirect call. */
  readonly typeUse: TypeUse | undefined;
  /** Whether it begins a block, which the `end` or `delegate` of its depth ends. */
  readonly isBlock: boolean;
}

/** The names of an import: `"env" "log"`. */
export interface ImportNames {
  readonly module: WatToken;
  readonly name: WatToken;
}

/** What a struct type, array type, function type or other type is. */
export type TypeShape =
  | { readonly kind: 'func'; readonly typeUse: TypeUse }
  | { readonly kind: 'struct'; readonly fields: readonly WatVariable[] }
  | { readonly kind: 'array'; readonly element: WatSpan }
  | { readonly kind: 'unknown' };

interface FieldBase {
  /** The form that defines it; of an import that is written with `(import`, the form within. */
  readonly form: WatForm;
  /** The name after its keyword. */
  readonly id?: WatToken;
  /** What it names outside of instructions: in its types, and what it exports, starts or fills. */
  readonly references: readonly WatReference[];
}

interface EntityBase extends FieldBase {
  readonly imported?: ImportNames;
  /** Strings of `(export "name")` within. */
  readonly exports: readonly WatToken[];
}

/** A field of a module. */
export type WatField =
  | (FieldBase & { readonly kind: 'type'; readonly shape: TypeShape; readonly rec?: WatForm })
  | (EntityBase & {
      readonly kind: 'func';
      readonly typeUse: TypeUse;
      readonly locals: readonly WatVariable[];
      readonly body: readonly WatInstruction[];
    })
  | (EntityBase & { readonly kind: 'tag'; readonly typeUse: TypeUse })
  | (EntityBase & {
      readonly kind: 'global';
      readonly type: WatSpan;
      readonly body: readonly WatInstruction[];
    })
  | (EntityBase & {
      readonly kind: 'table' | 'memory';
      /** Its limits, type and the like. */
      readonly type: WatSpan;
      /** Whether it defines an `elem` or `data` too, written within. */
      readonly hasSegment: boolean;
      readonly body: readonly WatInstruction[];
    })
  | (FieldBase & { readonly kind: 'elem' | 'data'; readonly body: readonly WatInstruction[] })
  | (FieldBase & {
      readonly kind: 'export';
      /** The string of its name. */
      readonly name?: WatToken;
    })
  | (FieldBase & { readonly kind: 'start' });

export type WatFieldKind = WatField['kind'];

/** A text as far as it is WebAssembly. */
export interface WatSyntax {
  readonly text: string;
  readonly tokens: readonly WatToken[];
  readonly comments: readonly WatSpan[];
  /** Everything that stands in the text, in forms. */
  readonly items: readonly WatItem[];
  /** The module's own form; absent where its fields stand alone, or there is none. */
  readonly module?: WatForm;
  /** The module's name. */
  readonly moduleId?: WatToken;
  /** In their order; types of a `rec` one after the other. */
  readonly fields: readonly WatField[];
  /** What is wrong, by place; at most one thing at each. */
  readonly faults: readonly SyntaxFault[];
  /** Whether it is one module, with its parentheses, strings and comments closed, and little that is wrong in its fields. */
  readonly isRegular: boolean;
}

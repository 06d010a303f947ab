/** What may stand at a position. */
export type Place =
  | { readonly kind: 'nothing' }
  /** The inside of a string literal. */
  | { readonly kind: 'string' }
  /** Behind a dot. */
  | { readonly kind: 'member' }
  | { readonly kind: 'type' }
  | { readonly kind: 'parameter' }
  | { readonly kind: 'setting'; readonly verb: 'SET' | 'RESET' | 'PRAGMA' }
  | { readonly kind: 'settingValue'; readonly name: string }
  /** A relation; `written` only what can be written to, dropped or altered. */
  | { readonly kind: 'relation'; readonly written: boolean }
  | { readonly kind: 'columns'; readonly of: 'block' | 'target' | 'using' }
  | { readonly kind: 'operand'; readonly lead: string; readonly words: readonly string[] }
  /** A database or a schema. */
  | { readonly kind: 'database' }
  | { readonly kind: 'window' }
  | { readonly kind: 'statement' }
  /** Nothing but these keywords. */
  | { readonly kind: 'words'; readonly words: readonly string[] };

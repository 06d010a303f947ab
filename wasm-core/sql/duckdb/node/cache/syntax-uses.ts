/*
 * What a query uses, from the syntax tree that the engine's `json_serialize_sql` gives. The tree is walked for what stands
 * in it wherever that is, so that a kind of node that is new is looked through, too.
 */

/** What a query names. All names are in lower case. */
export interface SyntaxUses {
  /** Tables, files and common tables that it reads. */
  readonly tables: ReadonlySet<string>;
  /** Common tables that it defines. */
  readonly commonTables: ReadonlySet<string>;
  /** Scalar, aggregate and window functions. */
  readonly functions: ReadonlySet<string>;
  readonly tableFunctions: ReadonlySet<string>;
  /** Names that stand alone as an expression: columns, or functions such as `current_date`. */
  readonly bareNames: ReadonlySet<string>;
  /** Whether it has what says nothing of the rows by its names: samples, DESCRIBE and SUMMARIZE, names with a schema. */
  readonly isOpaque: boolean;
}

/**
 * Reads a tree.
 *
 * @param json of `json_serialize_sql`
 * @returns undefined when the engine could not make a tree of one query
 */
export function readSyntaxUses(json: string): SyntaxUses | undefined {
  const root = JSON.parse(json) as { readonly error?: boolean; readonly statements?: readonly unknown[] };
  if (root.error !== false || root.statements?.length !== 1) return undefined;
  const walk = new Walk();
  walk.visit(root.statements[0]);
  return walk;
}

class Walk implements SyntaxUses {
  readonly tables = new Set<string>();
  readonly commonTables = new Set<string>();
  readonly functions = new Set<string>();
  readonly tableFunctions = new Set<string>();
  readonly bareNames = new Set<string>();
  isOpaque = false;

  visit(value: unknown): void {
    // Trees of long conditions are deep.
    const rest: unknown[] = [value];
    for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
      if (Array.isArray(next)) rest.push(...next.filter((item) => item !== null));
      else if (typeof next === 'object' && next !== null) rest.push(...this.#node(next as Node));
    }
  }

  /** Notes a node. @returns what is in it */
  #node(node: Node): unknown[] {
    if (node.sample != null) this.isOpaque = true;
    if (node.cte_map != null) this.#commonTables(node.cte_map);
    switch (node.type) {
      case 'BASE_TABLE':
        if (isNamed(node.schema_name) || isNamed(node.catalog_name)) this.isOpaque = true;
        this.tables.add(lower(node.table_name));
        break;
      case 'SHOW_REF':
        this.isOpaque = true;
        break;
      case 'TABLE_FUNCTION':
        return this.#tableFunction(node);
      case 'COLUMN_REF': {
        const [name, ...more] = Array.isArray(node.column_names) ? node.column_names : [];
        if (more.length === 0) this.bareNames.add(lower(name));
        break;
      }
    }
    if (node.function_name !== undefined) {
      if (!isOwn(node)) this.isOpaque = true;
      this.functions.add(lower(node.function_name));
    }
    return Object.values(node).filter((inner) => inner != null);
  }

  #tableFunction({ function: call, ...node }: Node): unknown[] {
    const { function_name: name, schema, catalog, ...inner } = (call ?? {}) as Node;
    if (!isOwn({ schema, catalog })) this.isOpaque = true;
    this.tableFunctions.add(lower(name));
    const { type: _, ...others } = node;
    return [...Object.values(inner), ...Object.values(others)].filter((each) => each != null);
  }

  #commonTables(map: unknown): void {
    const entries = (map as { readonly map?: readonly { readonly key?: unknown }[] }).map ?? [];
    for (const { key } of entries) this.commonTables.add(lower(key));
  }
}

type Node = Readonly<Record<string, unknown>>;

/** Whether a function is looked for where the engine's own are; `[1, 2]` is a call with a schema. */
function isOwn({ schema, catalog }: Node): boolean {
  return (!isNamed(schema) || schema === 'main') && (!isNamed(catalog) || catalog === 'system');
}

function isNamed(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function lower(value: unknown): string {
  return String(value ?? '').toLowerCase();
}

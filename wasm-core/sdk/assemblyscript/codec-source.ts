import type { Codec, StructField } from './codecs.ts';

/**
 * AssemblyScript that reads and puts values of some types, three functions for each codec: `__quern_get{id}` gives the
 * value of a column's row, `__quern_put{id}` appends one to a column that is built, `__quern_new{id}` makes such a
 * column; and `__quern_out{id}`, the one of all results of the type.
 */
export function codecSource(codecs: readonly Codec[]): string {
  return codecs.map((codec) => [newSource(codec), getSource(codec), putSource(codec)].join('\n')).join('\n');
}

/** An expression that gives the value of a column's row, which is not NULL when the codec is not nullable. */
export function getValue({ id }: Codec, column: string, row: string): string {
  return `__quern_get${id}(${column}, ${row})`;
}

/** A statement that appends a value to a column. */
export function putValue({ id }: Codec, column: string, value: string): string {
  return `__quern_put${id}(${column}, ${value});`;
}

/** Loads a block of 16 bytes, or stores it. */
export function blockFunction(codec: Codec, action: 'load' | 'store'): string {
  if (codec.shape.kind !== 'block') throw new Error(`${codec.as} is no block`);
  return `__quern_${action}_${codec.shape.name}`;
}

function newSource(codec: Codec): string {
  const out = `@lazy const __quern_out${codec.id}: __QuernColumn = __quern_new${codec.id}();`;
  return `function __quern_new${codec.id}(): __QuernColumn { return ${columnOf(codec)}; }\n${out}`;
}

function columnOf({ shape }: Codec): string {
  switch (shape.kind) {
    case 'number':
      return column(shape.bytes, 0, 0);
    case 'bool':
      return column(0, 1, 0);
    case 'text':
    case 'bytes':
      return column(0, 2, 0);
    case 'block':
      return column(16, 0, 0);
    case 'null':
    case 'opt':
      return columnOf(shape.base);
    case 'list': {
      const child = columnOf(shape.element);
      return shape.length === undefined ? column(0, 3, 0, child) : column(0, 0, shape.length, child);
    }
    case 'map':
      return column(0, 3, 0, column(0, 0, 1, columnOf(shape.key), columnOf(shape.value)));
    case 'struct':
      return column(0, 0, 1, ...shape.fields.map((f) => columnOf(f.codec)));
  }
}

function column(width: number, form: number, each: number, ...children: readonly string[]): string {
  return `new __QuernColumn(${width}, ${form}, ${each}, [${children.join(', ')}])`;
}

/** The part of a value, which may not be NULL unless its type says so. */
function part(codec: Codec, columnName: string, row: string): string {
  const get = getValue(codec, columnName, row);
  const { kind } = codec.shape;
  return kind === 'null' || kind === 'opt' ? get : `(__quern_need(${columnName}, ${row}), ${get})`;
}

function getSource(codec: Codec): string {
  return `function __quern_get${codec.id}(c: usize, i: i32): ${codec.as} { ${getBody(codec)} }`;
}

function getBody(codec: Codec): string {
  const { shape, as } = codec;
  switch (shape.kind) {
    case 'number':
      return `return load<${as}>(load<usize>(c, 16) + <usize>__quern_row(c, i) * ${shape.bytes});`;
    case 'bool':
      return 'return __quern_bit(c, i);';
    case 'text':
      return 'return __quern_get_text(c, i);';
    case 'bytes':
      return 'return __quern_get_bytes(c, i);';
    case 'block':
      return `return ${blockFunction(codec, 'load')}(load<usize>(c, 16) + (<usize>__quern_row(c, i) << 4));`;
    case 'null':
      return `return __quern_is_null(c, i) ? null : ${getValue(shape.base, 'c', 'i')};`;
    case 'opt':
      return `return __quern_is_null(c, i) ? Opt.none<${shape.base.as}>() : Opt.of<${shape.base.as}>(${getValue(shape.base, 'c', 'i')});`;
    case 'list':
      return getList(codec.as, shape.element, shape.length);
    case 'map':
      return `i = __quern_row(c, i); const m = new ${as}(); const e = __quern_child(c, 0), kc = __quern_child(e, 0), vc = __quern_child(e, 1);
  for (let j = __quern_offset(c, i), to = __quern_offset(c, i + 1); j < to; j++) { const r = __quern_row(e, j); m.set(${part(shape.key, 'kc', 'r')}, ${part(shape.value, 'vc', 'r')}); }
  return m;`;
    case 'struct':
      return getStruct(as, shape.fields, shape.construct);
  }
}

function getList(as: string, element: Codec, length: number | undefined): string {
  const bounds =
    length === undefined
      ? 'const from = __quern_offset(c, i), n = __quern_offset(c, i + 1) - from;'
      : `const from = i * ${length}, n = ${length};`;
  const { shape } = element;
  const bytes = shape.kind === 'number' ? shape.bytes : 0;
  const start = as.startsWith('StaticArray<') ? 'changetype<usize>(v)' : 'v.dataStart';
  const copy =
    bytes === 0
      ? ''
      : `if (__quern_is_plain(e)) { memory.copy(${start}, load<usize>(e, 16) + <usize>from * ${bytes}, <usize>n * ${bytes}); return v; }\n  `;
  return `i = __quern_row(c, i); ${bounds} const e = __quern_child(c, 0); const v = new ${as}(n);
  ${copy}for (let j = 0; j < n; j++) v[j] = ${part(element, 'e', 'from + j')};
  return v;`;
}

/** Fields are stored past `readonly`, and without a constructor, which may want arguments. */
function getStruct(as: string, fields: readonly StructField[], construct: boolean): string {
  const made = construct ? `new ${as}()` : `changetype<${as}>(__new(offsetof<${as}>(), idof<${as}>()))`;
  const stores = fields.map(({ name, codec }, k) => {
    const child = `const c${k} = __quern_child(c, ${k}); const v${k} = ${part(codec, `c${k}`, 'i')};`;
    const store = `store<${codec.as}>(changetype<usize>(v), v${k}, offsetof<${as}>("${name}"));`;
    const link = `if (isManaged<${codec.as}>()) __link(changetype<usize>(v), changetype<usize>(v${k}), false);`;
    return isReference(codec) ? `${child} ${store} ${link}` : `${child} ${store}`;
  });
  return `i = __quern_row(c, i); const v = ${made};\n  ${stores.join('\n  ')}\n  return v;`;
}

function isReference({ shape }: Codec): boolean {
  return shape.kind !== 'number' && shape.kind !== 'bool';
}

function putSource(codec: Codec): string {
  return `function __quern_put${codec.id}(b: __QuernColumn, v: ${codec.as}): void { ${putBody(codec)} }`;
}

function putBody(codec: Codec): string {
  const { shape } = codec;
  switch (shape.kind) {
    case 'number':
      return `store<${codec.as}>(b.next(), v);`;
    case 'bool':
      return 'b.bit(v);';
    case 'text':
      return 'b.text(v);';
    case 'bytes':
      return 'b.bytes(v);';
    case 'block':
      return `${blockFunction(codec, 'store')}(b.next(), v);`;
    case 'null':
      return `if (v === null) b.null(); else ${putValue(shape.base, 'b', 'v')}`;
    case 'opt':
      return `if (v.isNull) b.null(); else ${putValue(shape.base, 'b', 'v.value')}`;
    case 'list':
      return putList(codec.as, shape.element, shape.length);
    case 'map':
      return `const e = unchecked(b.children[0]), kb = unchecked(e.children[0]), vb = unchecked(e.children[1]); const k = v.keys(), w = v.values();
  for (let j = 0; j < k.length; j++) { ${putValue(shape.key, 'kb', 'k[j]')} ${putValue(shape.value, 'vb', 'w[j]')} e.rows++; }
  b.end(<usize>e.rows);`;
    case 'struct':
      return `${shape.fields.map((f, k) => putValue(f.codec, `unchecked(b.children[${k}])`, `v.${f.name}`)).join(' ')} b.rows++;`;
  }
}

function putList(as: string, element: Codec, length: number | undefined): string {
  const check =
    length === undefined
      ? ''
      : `if (v.length != ${length}) throw new Error("an array of " + v.length.toString() + " values, where the type has ${length}");\n  `;
  const start = as.startsWith('StaticArray<') ? 'changetype<usize>(v)' : 'v.dataStart';
  const all =
    element.shape.kind === 'number'
      ? `e.copy(${start}, v.length);`
      : `for (let j = 0, n = v.length; j < n; j++) ${putValue(element, 'e', 'v[j]')}`;
  const end = length === undefined ? 'b.end(<usize>e.rows);' : 'b.rows++;';
  return `${check}const e = unchecked(b.children[0]); ${all} ${end}`;
}

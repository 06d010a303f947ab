// Writes DuckDB's words into syntaxes/sql.tmLanguage.json: its keywords and the names of its types, which the engine is
// asked for. `node tools/sql-grammar.mjs` after the engine's version has changed; a test holds the file against it.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const file = path.resolve(import.meta.dirname, '../syntaxes/sql.tmLanguage.json');

/** Types whose names are also those of many columns and of functions: they count where only a type can stand. */
const AMBIGUOUS = [
  ...[
    'binary',
    'bit',
    'char',
    'date',
    'datetime',
    'enum',
    'guid',
    'interval',
    'json',
    'list',
    'logical',
    'long',
  ],
  ...[
    'map',
    'oid',
    'real',
    'row',
    'short',
    'signed',
    'string',
    'struct',
    'text',
    'time',
    'timestamp',
    'union',
  ],
  ...['uuid', 'variant'],
];
/** Words of a statement's structure that may stand right before a parenthesis, and are no functions. */
const STRUCTURE = [
  ...[
    'as',
    'between',
    'by',
    'cube',
    'exclude',
    'exists',
    'filter',
    'ignore',
    'ilike',
    'is',
    'join',
    'key',
    'like',
  ],
  ...[
    'materialized',
    'over',
    'partition',
    'range',
    'recursive',
    'rollup',
    'rows',
    'sets',
    'values',
    'within',
  ],
];
/** Words that a column may follow, so that what comes behind them is no type. */
const BEFORE_COLUMNS = [
  ...[
    'and',
    'between',
    'by',
    'case',
    'distinct',
    'else',
    'exclude',
    'from',
    'having',
    'in',
    'into',
    'join',
    'limit',
  ],
  ...['not', 'on', 'or', 'qualify', 'select', 'set', 'then', 'using', 'when', 'where'],
];

const start = '(?i)(?<![\\w$.])';
const end = '(?![\\w$])';

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const column = async (sql) => (await connection.runAndReadAll(sql)).getRows().map(([word]) => String(word));
const keywords = await column('select keyword_name from duckdb_keywords() order by all');
const reserved = await column(
  "select keyword_name from duckdb_keywords() where keyword_category = 'reserved' order by all",
);
const types = await column('select distinct lower(type_name) from duckdb_types() order by all');
connection.closeSync();
instance.closeSync();

const clear = types.filter((type) => !AMBIGUOUS.includes(type) && type !== 'null');
const grammar = JSON.parse(readFileSync(file, 'utf8'));
const { repository } = grammar;
repository.reserved.match = `${start}${anyOf(reserved)}${end}`;
repository.keywords.match = `${start}${anyOf(keywords.filter((word) => !reserved.includes(word)))}${end}`;
repository.types.patterns[0].match = `${start}${anyOf(clear)}${end}`;
repository.types.patterns[1].match = typeInPlace();
repository.functions.match = `(?i)(?<![\\w$])(?!${anyOf([...reserved, ...STRUCTURE].sort())}${end})([^\\W\\d][\\w$]*)(?=\\()`;
writeFileSync(file, `${JSON.stringify(grammar, null, 2)}\n`);

/** Before a literal or brackets, in `cast(… as`, or between a column's name and what ends its definition. */
function typeInPlace() {
  const name = anyOf(AMBIGUOUS);
  const defined = `(?<=[\\w"] )(?<!${BEFORE_COLUMNS.map((word) => `${word} `).join('|')})${name}(?=\\s*(?:[,);]|$|not\\b|default\\b|primary\\b|unique\\b|check\\b|references\\b))`;
  return `${start}(?:(?<=\\bas )${name}(?=\\s*[)(\\[])|${name}(?=\\s*(?:'|\\[\\s*\\d*\\s*\\]))|${defined})${end}`;
}

function anyOf(words) {
  return `(?:${words.join('|')})`;
}

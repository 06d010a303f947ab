import { CompletionItemKind } from 'vscode-languageserver';
import { BENCH_MEMBERS } from '../../../wasm-core/protocol/bench/bench-directive.ts';
import {
  CHART_AGGREGATES,
  CHART_KINDS,
  CHART_ROLES,
  type ChartKind,
  type ColumnClass,
  columnClass,
  TIME_BUCKETS,
} from '../../../wasm-core/protocol/chart.ts';
import { CHART_MEMBERS } from '../../../wasm-core/protocol/chart-directive.ts';
import { chartName, chartWords, namesIn } from '../../../wasm-core/protocol/chart-words.ts';
import type { ColumnInfo } from '../../../wasm-core/protocol/methods.ts';
import { type Offer, RANK } from '../completion/offers.ts';

/** What may be put at a position of a directive. */
export interface DirectiveOffers {
  readonly offers: readonly Offer[];
  /** What is typed of it, which is replaced. */
  readonly typed: string;
}

/** The names of directives. */
export function nameOffers(): readonly Offer[] {
  return [
    word('@limit', 'Rows that are kept: -- @limit 1000', 0),
    word('@db', 'A database that the statement reads: -- @db sales.duckdb', 1),
    word('@bench', 'Measures the query as a benchmark: -- @bench NAME', 2),
    word('@chart', 'The chart that is shown first: -- @chart bar x=month y=revenue', 3),
  ];
}

/**
 * What may stand behind `@chart`: the kind, then the members that it has, then a member's columns or words.
 *
 * @param before from behind `@chart` to the position
 * @param columns the statement's; asked for where they may stand
 */
export async function chartOffers(
  before: string,
  columns: () => Promise<readonly ColumnInfo[]>,
): Promise<DirectiveOffers> {
  const words = chartWords(before);
  const last = words.at(-1);
  const isTyping = last !== undefined && last.end === before.length;
  const typedWord = isTyping ? last : undefined;
  const done = isTyping ? words.slice(0, -1) : words;
  if (done.length === 0 && typedWord?.key === undefined) {
    return {
      offers: CHART_KINDS.map((kind, order) => word(kind, KIND_DETAILS[kind], order)),
      typed: typedWord?.text ?? '',
    };
  }
  const kind = CHART_KINDS.find((name) => name === words[0]?.text.toLowerCase());
  if (typedWord?.key === undefined) {
    const said = new Set(done.flatMap(({ key }) => key?.text ?? []));
    const free = CHART_MEMBERS.filter((member) => !said.has(member) && hasMember(kind, member));
    const offers = free.map((member, order) => keyword(member, MEMBER_DETAILS[member], order));
    return { offers, typed: typedWord?.text ?? '' };
  }
  return valueOffers({ member: typedWord.key.text, value: typedWord.value.text, kind }, columns);
}

/** What may stand behind `@bench`. @param groups that the document has */
export function benchOffers(before: string, groups: readonly string[]): DirectiveOffers {
  const typed = /\S*$/.exec(before)?.[0] ?? '';
  const [, key, value = ''] = /^(\w+)=(.*)$/.exec(typed) ?? [];
  if (key === 'group')
    return { offers: groups.map((name, order) => word(benchName(name), 'group', order)), typed: value };
  if (key !== undefined) return { offers: [], typed: value };
  const said = new Set([...before.matchAll(/\b(\w+)=/g)].map(([, name]) => name));
  const keys = BENCH_MEMBERS.filter((member) => !said.has(member));
  const offers = keys.map((member, order) => keyword(member, BENCH_DETAILS[member], order));
  const reference = word('reference', 'The others of the group stand beside this one', keys.length);
  return {
    offers: /\breference\b/.test(before.slice(0, -typed.length || undefined))
      ? offers
      : [...offers, reference],
    typed,
  };
}

async function valueOffers(
  {
    member,
    value,
    kind,
  }: { readonly member: string; readonly value: string; readonly kind: ChartKind | undefined },
  columns: () => Promise<readonly ColumnInfo[]>,
): Promise<DirectiveOffers> {
  if (member === 'agg' || member === 'bucket') {
    const known = member === 'agg' ? CHART_AGGREGATES : TIME_BUCKETS;
    return { offers: known.map((name, order) => word(name, '', order)), typed: value };
  }
  const classes = kind === undefined ? undefined : classesOf(kind, member);
  if (classes === undefined) return { offers: [], typed: value };
  const names = namesIn({ text: value, start: 0, end: value.length });
  const last = names.at(-1);
  const typed = last !== undefined && last.end === value.length ? value.slice(last.start) : '';
  const taken = new Set((typed === '' ? names : names.slice(0, -1)).map(({ text }) => text.toLowerCase()));
  const offers = (await columns()).flatMap(({ name, type }, order): Offer[] => {
    if (taken.has(name.toLowerCase()) || /[\r\n]/.test(name)) return [];
    const isFit = classes.includes(columnClass(type));
    const rank = isFit ? RANK.fitting : RANK.last;
    return [
      {
        label: name,
        kind: CompletionItemKind.Field,
        rank,
        order,
        detail: type,
        insert: chartName(name),
        filter: typed.startsWith('"') ? chartQuoted(name) : name,
      },
    ];
  });
  return { offers, typed };
}

/** What columns of a member can be; undefined for a member of other values, or one that a kind does not have. */
function classesOf(kind: ChartKind, member: string): readonly ColumnClass[] | undefined {
  const roles = CHART_ROLES[kind];
  switch (member) {
    case 'x':
      return roles.x;
    case 'y':
      return roles.maxY > 0 ? roles.y : undefined;
    case 'series':
      return roles.hasSeries ? ['category', 'time', 'number'] : undefined;
    case 'value':
      return roles.hasValue ? ['number'] : undefined;
    default:
      return undefined;
  }
}

function hasMember(kind: ChartKind | undefined, member: (typeof CHART_MEMBERS)[number]): boolean {
  if (kind === undefined) return true;
  if (member === 'agg') return CHART_ROLES[kind].hasAggregate;
  return ['bins', 'bucket', 'limit'].includes(member) || classesOf(kind, member) !== undefined;
}

function word(label: string, detail: string, order: number): Offer {
  return {
    label,
    kind: CompletionItemKind.Keyword,
    rank: RANK.keyword,
    order,
    ...(detail !== '' && { detail }),
  };
}

function keyword(member: string, detail: string, order: number): Offer {
  return { label: `${member}=`, kind: CompletionItemKind.Property, rank: RANK.keyword, order, detail };
}

function benchName(name: string): string {
  return /\s/.test(name) ? `"${name}"` : name;
}

function chartQuoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

const KIND_DETAILS: Readonly<Record<ChartKind, string>> = {
  line: 'An aggregate for each place along x',
  area: 'A line, filled',
  bar: 'An aggregate for each place along x, as bars; without y, rows are counted',
  scatter: 'Each row as a point',
  histogram: 'How many rows lie in each bin',
  box: 'Quartiles, whiskers, and what is beyond',
  heatmap: 'Rows of each pair of places, or an aggregate of value',
};

const MEMBER_DETAILS: Readonly<Record<(typeof CHART_MEMBERS)[number], string>> = {
  x: 'A column along the bottom',
  y: 'Columns of numbers, with commas between them',
  series: 'A column that splits the values',
  value: 'The column that is summed up in each cell',
  agg: 'What becomes of values that fall together',
  bins: 'Bins of numbers, 1 to 500',
  bucket: 'The span of time that times fall into',
  limit: 'Categories, 1 to 1,000',
};

const BENCH_DETAILS: Readonly<Record<(typeof BENCH_MEMBERS)[number], string>> = {
  name: 'What the benchmark is called',
  group: 'It does the same as the others of the group',
  runs: 'How often it is measured',
  time: 'How long it is measured, milliseconds',
  threshold: 'How much slower is a regression, such as 10%',
};

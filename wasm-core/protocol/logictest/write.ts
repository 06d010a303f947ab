import type { Condition, LogicRecord, LoopRecord } from './records.ts';

/** Writes records in the format, an empty line between every two: `parseLogicTest` reads the same ones back. */
export function writeLogicTest(records: readonly LogicRecord[]): string {
  return `${records.map(recordText).join('\n\n')}\n`;
}

function recordText(record: LogicRecord): string {
  switch (record.type) {
    case 'statement':
      return sqlText(record, ['statement', record.outcome, record.connection]);
    case 'query': {
      const { types, sort, connection, label } = record;
      return sqlText(record, [
        'query',
        types,
        connection ?? (sort !== 'nosort' || label ? sort : undefined),
        label,
      ]);
    }
    case 'loop':
      return [loopHead(record), ...record.body.map(recordText), 'endloop'].join('\n\n');
    case 'command':
      return [...guardLines(record), [record.name, ...record.words].join(' ')].join('\n');
  }
}

function sqlText(
  record: Extract<LogicRecord, { readonly sql: string }>,
  words: readonly (string | undefined)[],
): string {
  const { comment, sql, expected } = record;
  return [
    ...(comment === undefined ? [] : [`# ${comment}`]),
    ...guardLines(record),
    words.filter((word) => word !== undefined).join(' '),
    sql,
    ...(expected === undefined ? [] : ['----', ...expected.lines]),
  ].join('\n');
}

function guardLines(record: {
  readonly conditions: readonly Condition[];
  readonly foreign: boolean;
}): string[] {
  const guards = record.conditions.map(
    ({ variable, comparison, value, negated }) =>
      `${negated ? 'skipif' : 'onlyif'} ${variable}${comparison}${value}`,
  );
  return [...(record.foreign ? ['skipif duckdb'] : []), ...guards];
}

function loopHead({ variable, values, concurrent }: LoopRecord): string {
  const prefix = concurrent ? 'concurrent' : '';
  if (values.type === 'range') return `${prefix}loop ${variable} ${values.start} ${values.end}`;
  return `${prefix}foreach ${variable} ${values.texts.join(' ')}`;
}

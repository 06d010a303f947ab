/** The statement that makes the suite's table, in memory: texts of 5 to 8 bytes, no NULL. */
export const CREATE_TABLE = (rowCount: number): string =>
  `create table t as select (i % 1000)::int a, (i % 77)::int b, i::double d, 'str_' || (i % 5000) s from range(${rowCount}) r(i)`;

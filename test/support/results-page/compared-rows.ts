/** SQL that gives rows as a comparison gives them: changed, added, removed, and not to be told apart. */
export const COMPARED_ROWS = `select * from (values
  ('changed', 1, ['b, c'], 1, 1, 2, 3),
  ('changed', 2, ['a', 'b, c'], 1, null, 2, 3),
  ('added', 3, null, 1, null, 2, null),
  ('removed', 4, null, null, 1, null, 3),
  ('duplicate', 5, null, null, null, null, null)
) t(status, id, changed, a, "a (before)", "b, c", "b, c (before)")`;

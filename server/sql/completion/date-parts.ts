/** Parts of dates and times that functions take by name, the commonest first. */
export const DATE_PARTS: readonly string[] =
  'year quarter month week day hour minute second millisecond microsecond dayofweek dayofyear isodow isoyear decade century epoch'.split(
    ' ',
  );

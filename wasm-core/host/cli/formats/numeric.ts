const NUMERIC = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|BIGNUM|VARINT|DECIMAL\(.*\))$/;

/** Whether values of a DuckDB type are numbers, which stand at the right. */
export function isNumeric(type: string): boolean {
  return NUMERIC.test(type);
}

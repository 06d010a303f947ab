/** Parameters that the functions of all formats have, by name. */
export const COMMON_PARAMETERS = {
  filename: 'BOOLEAN',
  hive_partitioning: 'BOOLEAN',
  union_by_name: 'BOOLEAN',
} as const;

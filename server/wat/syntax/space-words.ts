import type { IndexSpace } from './tree.ts';

/** Words for what lies in a space. */
export const SPACE_WORDS: Readonly<Record<IndexSpace, string>> = {
  type: 'type',
  func: 'function',
  table: 'table',
  memory: 'memory',
  global: 'global',
  tag: 'tag',
  elem: 'element segment',
  data: 'data segment',
  local: 'local',
  label: 'label',
  field: 'field',
};

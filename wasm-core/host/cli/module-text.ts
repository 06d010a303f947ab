import type { ModuleCapabilities, ModuleExport } from '../../protocol/plugins.ts';

/** An export in one line, such as `process(i32, i32) -> i32` or `memory: memory`. */
export function exportText(item: ModuleExport): string {
  if (item.kind !== 'function') return `${item.name}: ${item.kind}`;
  const results = item.results.length === 1 ? item.results[0] : `(${item.results.join(', ')})`;
  return `${item.name}(${item.parameters.join(', ')}) -> ${results}`;
}

/** What a module needs and what it may, in one line, such as `Capabilities: log, state; not granted: random`. */
export function capabilitiesText({ needed, granted }: ModuleCapabilities): string {
  const missing = needed.filter((capability) => !granted.includes(capability));
  const advice = missing.length === 0 ? '' : `; not granted: ${missing.join(', ')} (quern load --grant)`;
  return `Capabilities: ${granted.join(', ')}${advice}`;
}

import { CoreError } from './errors.ts';
import { JsonPlace, shown } from './json-place.ts';
import { CAPABILITIES, type Capability } from './plugins.ts';

/** The name of the file, beside `quern.json`. */
export const LOCK_FILE = 'quern.lock.json';

/** What somebody has looked at and allowed: these bytes, with these rights. */
export interface LockedPlugin {
  /** sha-256 of the module, 64 hex characters. */
  readonly digest: string;
  /** What the module's imports and its manifest ask for, in the order of `CAPABILITIES`, without `log`. */
  readonly needs: readonly Capability[];
  /** What it was allowed, in the same order. */
  readonly granted: readonly Capability[];
}

/** Plugins by the path of their source or module from the file's folder, with `/`. */
export type LockedPlugins = ReadonlyMap<string, LockedPlugin>;

const MEMBERS = ['needs', 'granted', 'digest'];

/**
 * Reads the text of a `quern.lock.json` strictly.
 *
 * @param options.source the file's path, for messages
 * @throws CoreError FORMAT_WORKSPACE that names the JSON path and what to write; details `{source, path}`
 */
export function parseLockFile(text: string, options: { readonly source: string }): LockedPlugins {
  const root = new JsonPlace({ kind: 'FORMAT_WORKSPACE', source: options.source });
  if (/^<{7} |^={7}$|^>{7} /m.test(text)) {
    const message = `${options.source} has the marks of a merge in it. Settle it, or write it anew with quern lock --update.`;
    throw new CoreError('FORMAT_WORKSPACE', message, { source: options.source, path: '$' });
  }
  const file = root.object(root.parse(text), ['version', 'plugins']);
  if (file.version !== 1) throw root.member('version').fault(`is ${shown(file.version)}; write 1`);
  const place = root.member('plugins');
  const plugins = Object.entries(place.object(file.plugins));
  return new Map(plugins.map(([path, value]) => [path, readPlugin(place.member(path), value)]));
}

/** The text of a `quern.lock.json`: the same plugins have the same text. */
export function formatLockFile(plugins: LockedPlugins): string {
  const sorted = [...plugins].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  // A capability list is one line, so that a change of rights is one line of a comparison.
  const entries = sorted.map(([path, { digest, needs, granted }]) => {
    const members = [
      `"digest": ${JSON.stringify(digest)}`,
      `"needs": ${list(needs)}`,
      `"granted": ${list(granted)}`,
    ];
    return `    ${JSON.stringify(path)}: {\n      ${members.join(',\n      ')}\n    }`;
  });
  const body = entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n  }`;
  return `{\n  "version": 1,\n  "plugins": ${body}\n}\n`;
}

function list(capabilities: readonly Capability[]): string {
  return `[${capabilities.map((capability) => JSON.stringify(capability)).join(', ')}]`;
}

function readPlugin(place: JsonPlace, value: unknown): LockedPlugin {
  const { digest, needs, granted } = place.object(value, MEMBERS);
  if (typeof digest !== 'string' || !/^[0-9a-f]{64}$/.test(digest)) {
    throw place
      .member('digest')
      .fault(`is ${shown(digest)}; write the sha-256 of the module, 64 hex characters`);
  }
  return {
    digest,
    needs: readCapabilities(place.member('needs'), needs),
    granted: readCapabilities(place.member('granted'), granted),
  };
}

function readCapabilities(place: JsonPlace, value: unknown): readonly Capability[] {
  if (!Array.isArray(value)) throw place.fault(`is ${shown(value)}; write a list of capabilities`);
  const given = value.map((item: unknown, index) => place.item(index).word(item, CAPABILITIES));
  return CAPABILITIES.filter((capability) => given.includes(capability));
}

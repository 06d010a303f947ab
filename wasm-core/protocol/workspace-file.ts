import { type ChainDefinition, readChain } from './chain-file.ts';
import type { ChartDirective } from './chart-directive.ts';
import { CoreError } from './errors.ts';
import { JsonPlace, shown } from './json-place.ts';
import type { FunctionLimits, Limits } from './limits.ts';
import { CAPABILITIES, type Capability } from './plugins.ts';
import { readWorkspaceChart } from './workspace-charts.ts';
import { readWorkspaceRemote, type WorkspaceRemote } from './workspace-remote.ts';
import { readTable, type WorkspaceTable } from './workspace-tables.ts';

/** The name of the file, at the root of a folder. */
export const WORKSPACE_FILE = 'quern.json';

/** Whether a module's instructions are counted. */
export type MeteringMode = 'metered' | 'unmetered';

/** Both modes. */
export const METERING_MODES = ['metered', 'unmetered'] as const satisfies readonly MeteringMode[];

/** What a folder says of the runs in it. */
export interface WorkspaceSettings {
  readonly limits: Limits;
  /** By module name, or `*` for every module. */
  readonly capabilities: ReadonlyMap<string, readonly Capability[]>;
  /** By module name, or `*`. */
  readonly modes: ReadonlyMap<string, MeteringMode>;
  /** What single functions may use in one statement of SQL, by function name, or `*`. */
  readonly functions: ReadonlyMap<string, FunctionLimits>;
  /** Patterns of plugin files and of folders with plugins, from the file's folder; absent: folders named `plugins`. */
  readonly plugins?: readonly string[];
  /** The database of the folder's sessions, a path from its folder; absent: one in memory. */
  readonly database?: string;
  readonly tables: ReadonlyMap<string, WorkspaceTable>;
  /** What statements may read on a network, once the user has agreed; absent: nothing. */
  readonly remote?: WorkspaceRemote;
  /** What is wrong with other tables, by name: a fault in one of them matters to those alone who read it. */
  readonly tableFaults: ReadonlyMap<string, string>;
  /** A chain, or the path of its file, by name. */
  readonly chains: ReadonlyMap<string, string | ChainDefinition>;
  /** The chart that is shown first, by the name that `-- name:` gives a statement. */
  readonly charts: ReadonlyMap<string, ChartDirective>;
}

/** Of a folder without a file. */
export const NO_SETTINGS: WorkspaceSettings = {
  limits: {},
  capabilities: new Map(),
  modes: new Map(),
  functions: new Map(),
  tables: new Map(),
  tableFaults: new Map(),
  chains: new Map(),
  charts: new Map(),
};

/** What was read of a file, and every fault in it: what is at fault is left out of the settings. */
export interface WorkspaceReading {
  readonly settings: WorkspaceSettings;
  /** FORMAT_WORKSPACE with `{source, path}`; a member that is not known has `unknown: true` beside. */
  readonly faults: readonly CoreError[];
}

const MEMBERS = [
  '$schema',
  'limits',
  'capabilities',
  'modes',
  'functions',
  'plugins',
  'database',
  'tables',
  'chains',
  'charts',
  'remote',
];
const MAX_TEXT = 10_000;
const MAX_PATTERNS = 200;

/**
 * Reads the text of a `quern.json` strictly, except for its tables: those at fault are in `tableFaults`.
 *
 * @param options.source the file's path, for messages
 * @throws CoreError FORMAT_WORKSPACE that names the JSON path and what to write; details `{source, path}`
 */
export function parseWorkspaceFile(text: string, options: { readonly source: string }): WorkspaceSettings {
  const { settings, faults } = readWorkspaceFile(text, options);
  const fault = faults.find((other) => !isOfTable(other));
  if (fault !== undefined) throw fault;
  return settings;
}

/**
 * Reads the text of a `quern.json` and tells every fault in it.
 *
 * @param options.source as for `parseWorkspaceFile`
 */
export function readWorkspaceFile(text: string, options: { readonly source: string }): WorkspaceReading {
  const root = new JsonPlace({ kind: 'FORMAT_WORKSPACE', source: options.source });
  const reader = new FaultReader();
  const file = reader.take(() => root.object(root.parse(text)));
  if (file === undefined) return { settings: NO_SETTINGS, faults: reader.faults };
  for (const name of Object.keys(file)) reader.take(() => root.object({ [name]: 0 }, MEMBERS));
  reader.take(() => root.member('$schema').optionalText(file.$schema, MAX_TEXT));
  const map = <T>(name: string, read: (place: JsonPlace, value: unknown) => T): ReadonlyMap<string, T> =>
    reader.map(root.member(name), file[name], read);
  const plugins = readPatterns(reader, root.member('plugins'), file.plugins);
  const remote =
    file.remote === undefined
      ? undefined
      : reader.take(() => readWorkspaceRemote(root.member('remote'), file.remote));
  const place = root.member('database');
  const database =
    file.database === undefined ? undefined : reader.take(() => readPattern(place, file.database));
  const settings: WorkspaceSettings = {
    limits: reader.take(() => root.member('limits').limits(file.limits)) ?? {},
    capabilities: map('capabilities', readCapabilities),
    modes: map('modes', (place, value) => place.word(value, METERING_MODES)),
    functions: map('functions', readFunctionLimits),
    ...(plugins && { plugins }),
    ...(remote && { remote }),
    ...(database !== undefined && { database }),
    ...readTables(reader, root.member('tables'), file.tables),
    chains: map('chains', readChainOrPath),
    charts: map('charts', readWorkspaceChart),
  };
  return { settings, faults: reader.faults };
}

/** Whether a fault is one of a named table, which fails nothing but statements that read it. */
export function isOfTable({ details }: CoreError): boolean {
  return /^\$\.tables\b/.test(String(details.path));
}

function readTables(
  reader: FaultReader,
  place: JsonPlace,
  value: unknown,
): Pick<WorkspaceSettings, 'tables' | 'tableFaults'> {
  const tables = new Map<string, WorkspaceTable>();
  const tableFaults = new Map<string, string>();
  const names = new Set<string>();
  const entries = value === undefined ? {} : (reader.take(() => place.object(value)) ?? {});
  for (const [name, item] of Object.entries(entries)) {
    const at = place.member(name);
    const before = reader.faults.length;
    const table = reader.take(() => {
      if (name.trim() === '') throw at.fault('has no name; write one before the colon');
      if (names.has(name.toLowerCase()))
        throw at.fault('differs by case alone from another table; write another name');
      return readTable(at, item);
    });
    names.add(name.toLowerCase());
    if (table !== undefined) tables.set(name, table);
    else tableFaults.set(name, reader.faults[before]?.message ?? '');
  }
  return { tables, tableFaults };
}

/** Reads what may be at fault, and goes on. */
class FaultReader {
  readonly faults: CoreError[] = [];

  take<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof CoreError)) throw error;
      this.faults.push(error);
      return undefined;
    }
  }

  map<T>(
    place: JsonPlace,
    value: unknown,
    read: (place: JsonPlace, value: unknown) => T,
  ): ReadonlyMap<string, T> {
    const entries = value === undefined ? {} : (this.take(() => place.object(value)) ?? {});
    const found = new Map<string, T>();
    for (const [name, item] of Object.entries(entries)) {
      const one = this.take(() => read(place.member(name), item));
      if (one !== undefined) found.set(name, one);
    }
    return found;
  }
}

const FUNCTION_LIMITS = [
  'timeoutMs',
  'memoryMb',
  'fuel',
] as const satisfies readonly (keyof FunctionLimits)[];

function readFunctionLimits(place: JsonPlace, value: unknown): FunctionLimits {
  place.object(value, FUNCTION_LIMITS);
  return place.limits(value);
}

function readCapabilities(place: JsonPlace, value: unknown): readonly Capability[] {
  if (!Array.isArray(value)) throw place.fault(`is not a list; write some of ${CAPABILITIES.join(', ')}`);
  return value.map((item: unknown, index) => place.item(index).word(item, CAPABILITIES));
}

function readPatterns(reader: FaultReader, place: JsonPlace, value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined;
  return reader.take(() => {
    if (!Array.isArray(value)) {
      throw place.fault(`is ${shown(value)}; write a list of patterns, such as ["plugins", "udf/**/*.wat"]`);
    }
    if (value.length > MAX_PATTERNS) {
      throw place.fault(`has ${value.length} patterns; write at most ${MAX_PATTERNS}`);
    }
    return value.map((item: unknown, index) => readPattern(place.item(index), item));
  });
}

/** A path from the file's folder that stays in it. */
function readPattern(place: JsonPlace, value: unknown): string {
  const pattern = place.text(value, 1000);
  const isOutside = /^(?:[\\/]|[A-Za-z]:)/.test(pattern) || pattern.split(/[\\/]/).includes('..');
  if (!isOutside) return pattern;
  throw place.fault(`is ${shown(pattern)}; write a path from the folder of quern.json, without ..`);
}

function readChainOrPath(place: JsonPlace, value: unknown): string | ChainDefinition {
  if (typeof value === 'string') return readPattern(place, value);
  return Array.isArray(value) ? readChain({ steps: value }, place) : readChain(value, place);
}

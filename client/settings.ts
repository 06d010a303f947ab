import * as vscode from 'vscode';
import { LIMIT_RANGES, type Limits } from '../wasm-core/protocol/limits.ts';
import {
  type DiagnosticLevel,
  diagnosticLevels,
  FUNCTION_LENS_KINDS,
  type FunctionLensKind,
  LENS_KINDS,
  type LensKind,
  PLUGIN_LANGUAGES,
  type PluginLanguage,
} from '../wasm-core/protocol/lsp.ts';
import { PRESETS, type Preset, type ToolPaths, toolPaths } from '../wasm-core/protocol/plugins.ts';
import { readRemoteEntry } from '../wasm-core/protocol/remote-allow.ts';
import { WASM_TIERS, type WasmTier } from '../wasm-core/protocol/stats.ts';

/** The user's settings, checked; a value of the wrong type counts as absent. */
export interface Settings {
  /** Absolute folders that statements may use beside the workspace's own. */
  readonly allow: readonly string[];
  /** Origins, or beginnings of addresses, whose files statements may read on a network; those that are none are left out. */
  readonly allowUrls: readonly string[];
  /** How much a host that this window starts keeps of files on a network, MB; absent: its own default. */
  readonly remoteCacheMb?: number;
  /** Rows kept of each statement. */
  readonly maxRows: number;
  /** How often benchmarks measure; absent: as often as their time allows. */
  readonly benchmarkRuns?: number;
  /** Time for measuring each benchmark, milliseconds; absent: the host's own. */
  readonly benchmarkTimeMs?: number;
  /** What stands above statements. */
  readonly lenses: ReadonlySet<LensKind>;
  /** What stands above functions in plugin sources. */
  readonly functionLenses: ReadonlySet<FunctionLensKind>;
  /** Whether SQL inside documents of other languages is looked at. */
  readonly embeddedSql: boolean;
  /** What the user set; the rest is up to the folder's `quern.json` and to the host. */
  readonly limits: Limits;
  /** How a host that this window starts compiles WebAssembly; absent: V8's own way. */
  readonly wasmTier?: WasmTier;
  /** Where the host keeps its files; absent: its own default. */
  readonly home?: string;
  /** Whether runs are recorded. */
  readonly history: boolean;
  /** Parameters whose values are not; absent: the host's own list. */
  readonly secretParameters?: readonly string[];
  /** Whether what the host keeps is encrypted. */
  readonly encryptAtRest: boolean;
  /** Whether rows of before are given where they are sure to be the same. */
  readonly cache: boolean;
  /** How loud each hint about SQL is, by its code, where the user says so. */
  readonly diagnostics: Readonly<Record<string, DiagnosticLevel>>;
  readonly newPluginLanguage: PluginLanguage;
  /** Programs that compile plugins, where the user names them. */
  readonly tools: ToolPaths;
  /** How plugins are compiled. */
  readonly preset: Preset;
}

/** Reads the settings as they are now. */
export function readSettings(): Settings {
  const settings = vscode.workspace.getConfiguration('quern');
  const home = settings.get('home');
  const tier = settings.get('wasmTier');
  const secrets = settings.get('history.secretParameters');
  const language = settings.get('newPluginLanguage');
  const remoteCacheMb = wholeNumber(settings.get('remoteCacheMb'), 1_000_000);
  const benchmarkRuns = wholeNumber(settings.get('benchmark.runs'), 10_000);
  const benchmarkTimeMs = wholeNumber(settings.get('benchmark.timeMs'), 600_000);
  const wasmTier = WASM_TIERS.find((known) => known === tier);
  return {
    allow: texts(settings.get('allow')).map(absoluteFolder),
    allowUrls: texts(settings.get('allowUrls')).filter((text) => readRemoteEntry(text) !== undefined),
    ...(remoteCacheMb !== undefined && { remoteCacheMb }),
    maxRows: wholeNumber(settings.get('maxRows'), 100_000_000) ?? 100_000,
    ...(benchmarkRuns !== undefined && { benchmarkRuns }),
    ...(benchmarkTimeMs !== undefined && { benchmarkTimeMs }),
    lenses: chosen(LENS_KINDS, settings.get('lenses')),
    functionLenses: chosen(FUNCTION_LENS_KINDS, settings.get('functionLenses')),
    embeddedSql: settings.get('embeddedSql') !== false,
    history: settings.get('history.enabled') !== false,
    cache: settings.get('cache.enabled') !== false,
    encryptAtRest: settings.get('encryptAtRest') === true,
    limits: givenLimits({
      timeoutMs: settings.get('timeoutMs'),
      memoryMb: settings.get('memoryMb'),
      fuel: settings.get('fuel'),
      maxOutputBytes: settings.get('maxOutputBytes'),
    }),
    diagnostics: diagnosticLevels(settings.get('diagnostics')),
    newPluginLanguage: PLUGIN_LANGUAGES.find((known) => known === language) ?? 'assemblyscript',
    tools: toolPaths(settings.get('tools')),
    preset: PRESETS.find((known) => known === settings.get('preset')) ?? 'debug',
    ...(secrets !== undefined && { secretParameters: texts(secrets).slice(0, 100) }),
    ...(wasmTier && { wasmTier }),
    ...(typeof home === 'string' && home !== '' ? { home } : {}),
  };
}

/** Whether a change needs new sessions and a new language server: both get these values when they start. */
export function changesSessions(event: vscode.ConfigurationChangeEvent): boolean {
  return (
    event.affectsConfiguration('quern.allow') ||
    event.affectsConfiguration('quern.allowUrls') ||
    event.affectsConfiguration('quern.home') ||
    event.affectsConfiguration('quern.embeddedSql')
  );
}

/** Every kind of lens but those that are switched off. */
function chosen<Kind extends string>(kinds: readonly Kind[], value: unknown): ReadonlySet<Kind> {
  const given = typeof value === 'object' && value !== null ? value : {};
  const off = new Set(Object.entries(given).flatMap(([kind, on]) => (on === false ? [kind] : [])));
  return new Set(kinds.filter((kind) => !off.has(kind)));
}

function absoluteFolder(folder: string): string {
  if (/^([/\\]|[A-Za-z]:[/\\])/.test(folder)) return folder;
  const first = vscode.workspace.workspaceFolders?.[0];
  return first === undefined ? folder : vscode.Uri.joinPath(first.uri, folder).fsPath;
}

/** The limits that are set and within their range. */
function givenLimits(values: Readonly<Record<keyof Limits, unknown>>): Limits {
  const given = Object.entries(LIMIT_RANGES).flatMap(([name, [, highest]]) => {
    const value = wholeNumber(values[name as keyof Limits], highest);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string' && v !== '') : [];
}

function wholeNumber(value: unknown, highest: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= highest
    ? value
    : undefined;
}

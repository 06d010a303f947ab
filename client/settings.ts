import * as vscode from 'vscode';
import { LIMIT_RANGES, type Limits } from '../wasm-core/protocol/limits.ts';
import { WASM_TIERS, type WasmTier } from '../wasm-core/protocol/stats.ts';

/** The user's settings, checked; a value of the wrong type counts as absent. */
export interface Settings {
  /** Absolute folders that statements may use beside the workspace's own. */
  readonly allow: readonly string[];
  /** Rows kept of each statement. */
  readonly maxRows: number;
  /** What the user set; the rest is up to the folder's `quern.json` and to the host. */
  readonly limits: Limits;
  /** How a host that this window starts compiles WebAssembly; absent: V8's own way. */
  readonly wasmTier?: WasmTier;
  /** Where the host keeps its files; absent: its own default. */
  readonly home?: string;
}

/** Reads the settings as they are now. */
export function readSettings(): Settings {
  const settings = vscode.workspace.getConfiguration('quern');
  const home = settings.get('home');
  const tier = settings.get('wasmTier');
  const wasmTier = WASM_TIERS.find((known) => known === tier);
  return {
    allow: texts(settings.get('allow')).map(absoluteFolder),
    maxRows: wholeNumber(settings.get('maxRows'), 100_000_000) ?? 100_000,
    limits: givenLimits({
      timeoutMs: settings.get('timeoutMs'),
      memoryMb: settings.get('memoryMb'),
      fuel: settings.get('fuel'),
      maxOutputBytes: settings.get('maxOutputBytes'),
    }),
    ...(wasmTier && { wasmTier }),
    ...(typeof home === 'string' && home !== '' ? { home } : {}),
  };
}

/** Whether a change needs new sessions and a new language server: both get these values when they start. */
export function changesSessions(event: vscode.ConfigurationChangeEvent): boolean {
  return event.affectsConfiguration('quern.allow') || event.affectsConfiguration('quern.home');
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

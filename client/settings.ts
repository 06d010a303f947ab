import * as vscode from 'vscode';

/** The user's settings, checked; a value of the wrong type counts as absent. */
export interface Settings {
  /** Absolute folders that statements may use beside the workspace's own. */
  readonly allow: readonly string[];
  /** Rows kept of each statement. */
  readonly maxRows: number;
  readonly timeoutMs: number;
  /** Cap of each plugin instance's memory. */
  readonly memoryMb: number;
  /** Where the host keeps its files; absent: its own default. */
  readonly home?: string;
}

/** Reads the settings as they are now. */
export function readSettings(): Settings {
  const settings = vscode.workspace.getConfiguration('quern');
  const home = settings.get('home');
  return {
    allow: texts(settings.get('allow')).map(absoluteFolder),
    maxRows: wholeNumber(settings.get('maxRows'), 100_000_000) ?? 100_000,
    timeoutMs: wholeNumber(settings.get('timeoutMs'), 600_000) ?? 600_000,
    memoryMb: wholeNumber(settings.get('memoryMb'), 4096) ?? 64,
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

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string' && v !== '') : [];
}

function wholeNumber(value: unknown, highest: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= highest
    ? value
    : undefined;
}

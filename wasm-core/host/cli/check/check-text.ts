import path from 'node:path';
import { CHECK_SEVERITIES, type CheckedFile, type CheckSeverity } from '../../../protocol/check.ts';

/** How many diagnostics there are of each severity. */
export type CheckCounts = Readonly<Record<CheckSeverity, number>>;

/** Counts the diagnostics of files. */
export function countDiagnostics(files: readonly CheckedFile[]): CheckCounts {
  const counts = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { severity } of files.flatMap(({ diagnostics }) => diagnostics)) counts[severity]++;
  return counts;
}

/** A file's path as it is shown: from the current folder, when it lies there. */
export function shownPath(file: string): string {
  const relative = path.relative('', file);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}

/** `file:line:column: severity: message [code]` for each diagnostic, and how many there are. */
export function checkText(files: readonly CheckedFile[]): string {
  const lines = files.flatMap((file) =>
    file.diagnostics.map(({ severity, message, code, range: { start } }) => {
      // One line each, for programs that read them: the engine's texts may have several.
      const text = message.trim().replace(/\s*\n\s*/g, ' ');
      const place = `${shownPath(file.path)}:${start.line + 1}:${start.character + 1}`;
      return `${place}: ${severity}: ${text} [${code}]`;
    }),
  );
  return [...lines, summary(files)].join('\n');
}

/** The files as JSON: places count from 0, as in the Language Server Protocol. */
export function checkJson(files: readonly CheckedFile[]): string {
  const { error, warning } = countDiagnostics(files);
  const shown = files.map(({ path: file, diagnostics }) => ({ path: shownPath(file), diagnostics }));
  return JSON.stringify({ files: shown, errorCount: error, warningCount: warning });
}

function summary(files: readonly CheckedFile[]): string {
  const counts = countDiagnostics(files);
  const told = CHECK_SEVERITIES.filter((severity) => counts[severity] > 0).map((severity) =>
    counted(counts[severity], NOUNS[severity]),
  );
  return `${counted(files.length, 'file')} checked: ${told.length > 0 ? told.join(', ') : 'no problems'}`;
}

const NOUNS: Readonly<Record<CheckSeverity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'hint',
};

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CheckDiagnostic, CheckedFile, CheckSeverity } from '../../../protocol/check.ts';

/** What a code means: the page that the documents have of it. */
export interface CheckRule {
  readonly id: string;
  /** One sentence. */
  readonly summary: string;
  /** Markdown. */
  readonly help: string;
}

/**
 * Diagnostics as a SARIF 2.1.0 log, which code hosts and editors read:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 *
 * @param options.rules what is known of codes; a code that has none is a rule by its name alone
 * @param options.root absolute folder that paths are told from
 */
export function checkSarif(
  files: readonly CheckedFile[],
  options: { readonly rules: readonly CheckRule[]; readonly version: string; readonly root: string },
): string {
  const { rules, version, root } = options;
  const codes = [...new Set(files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))].sort();
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const run = {
    tool: { driver: { name: 'Quern', version, rules: codes.map((code) => toRule(code, known.get(code))) } },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [BASE]: { uri: `${pathToFileURL(root).href}/` } },
    artifacts: files.map((file) => ({ location: location(file.path, root) })),
    results: files.flatMap((file, index) =>
      file.diagnostics.map((diagnostic) => ({
        ruleId: diagnostic.code,
        ruleIndex: codes.indexOf(diagnostic.code),
        level: LEVELS[diagnostic.severity],
        message: { text: diagnostic.message },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { ...location(file.path, root), index },
              region: region(diagnostic),
            },
          },
        ],
      })),
    ),
  };
  return JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] });
}

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';
const BASE = 'ROOT';

const LEVELS: Readonly<Record<CheckSeverity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

function toRule(id: string, known: CheckRule | undefined): object {
  if (known === undefined) return { id };
  const { summary, help } = known;
  return { id, shortDescription: { text: summary }, help: { text: help, markdown: help } };
}

/** Relative where the file lies below the root, so that a log says the same on every machine. */
function location(file: string, root: string): { readonly uri: string; readonly uriBaseId?: string } {
  const relative = path.relative(root, file);
  if (relative.startsWith('..') || path.isAbsolute(relative)) return { uri: pathToFileURL(file).href };
  return { uri: relative.split(path.sep).map(encodeURIComponent).join('/'), uriBaseId: BASE };
}

/** SARIF counts lines and columns from 1; an empty range is a place between characters, which it knows too. */
function region({ range: { start, end } }: CheckDiagnostic): object {
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

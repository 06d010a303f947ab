import type * as vscode from 'vscode';
import {
  BENCHMARK_FUNCTION_COMMAND,
  type FunctionLensKind,
  PROFILE_FUNCTION_COMMAND,
  RUN_FUNCTION_COMMAND,
  TEST_PLUGIN_COMMAND,
} from '../../wasm-core/protocol/lsp.ts';
import { readSettings } from '../settings.ts';

const KINDS: Readonly<Record<string, FunctionLensKind>> = {
  [RUN_FUNCTION_COMMAND]: 'runWith',
  [TEST_PLUGIN_COMMAND]: 'test',
  [BENCHMARK_FUNCTION_COMMAND]: 'benchmark',
  [PROFILE_FUNCTION_COMMAND]: 'profile',
};

/** The lenses of functions in plugin sources, those that are switched off left out, apart from all others. */
export function splitFunctionLenses(lenses: readonly vscode.CodeLens[]): {
  readonly functions: readonly vscode.CodeLens[];
  readonly others: readonly vscode.CodeLens[];
} {
  const { functionLenses } = readSettings();
  const kindOf = ({ command }: vscode.CodeLens) => KINDS[command?.command ?? ''];
  return {
    functions: lenses.filter((lens) => {
      const kind = kindOf(lens);
      return kind !== undefined && functionLenses.has(kind);
    }),
    others: lenses.filter((lens) => kindOf(lens) === undefined),
  };
}

import type { Preset, ToolName, ToolPaths } from '../../../../wasm-core/protocol/plugins.ts';
import type { ToolSource } from '../../compile-types.ts';
import type { ToolDiagnostic } from '../tool-diagnostic.ts';
import type { FoundTool, MissingTool, ToolFinder } from './find-tool.ts';
import type { ToolResult } from './run-tool.ts';

/** One compilation. */
export interface ToolJob {
  readonly source: ToolSource;
  readonly preset: Preset;
  /** Absolute; deleted when the job is done. */
  readonly tempFolder: string;
  /** Absolute; has `c` and `rust`. */
  readonly sdkFolder: string;
  /** Absolute; kept for the next compilation of the same project, and made by whoever writes into it. */
  readonly cacheFolder: string;
  /** Whether the file on disk has the source's text; else the tool gets the text. */
  readonly isSaved: boolean;
  readonly finder: ToolFinder;
  readonly tools: ToolPaths;
}

/** What is to be run. */
export interface ToolPlan {
  readonly tool: FoundTool;
  /** Instead of the tool's own program. */
  readonly file?: string;
  readonly args: readonly string[];
  /** Absolute; names that the tool writes are relative to it. */
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly timeoutMs: number;
  /** Whether it takes so much memory that one at a time is enough. */
  readonly isLarge?: true;
}

/** A tool that a job cannot do without. */
export interface MissingPlan {
  readonly missing: ToolName;
  readonly report: MissingTool;
}

/** What a tool made. */
export interface ToolOutput {
  readonly diagnostics: readonly ToolDiagnostic[];
  /** Absolute path of the module; undefined when there is none. */
  readonly wasmFile?: string;
  /** Absolute paths of other files that were read; absent when that is not known. */
  readonly inputs?: readonly string[];
}

/** How the sources of a language are compiled. */
export interface ToolLanguage {
  readonly plan: (job: ToolJob) => Promise<ToolPlan | MissingPlan>;
  readonly read: (result: ToolResult, job: ToolJob) => ToolOutput;
}

/** How long a single source may compile, and how long a project with all that it needs, milliseconds. */
export const SOURCE_TIMEOUT_MS = 60_000;
export const PROJECT_TIMEOUT_MS = 600_000;

/** Whether a tool was found. */
export function isFound(tool: FoundTool | MissingTool): tool is FoundTool {
  return 'path' in tool;
}

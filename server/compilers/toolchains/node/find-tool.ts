import { statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import type { ToolName, ToolPaths } from '../../../../wasm-core/protocol/plugins.ts';
import { onPath, toolEnvironment } from './environment.ts';
import { runTool, type ToolResult } from './run-tool.ts';

/** A tool that can be used. */
export interface FoundTool {
  /** Absolute. */
  readonly path: string;
  /** What the tool said of itself when it was asked. */
  readonly version: string;
}

/** What was looked for in vain. */
export interface MissingTool {
  /** Where, in words. */
  readonly looked: readonly string[];
  /** Programs of that name that cannot be used, and why. */
  readonly rejected: readonly { readonly path: string; readonly reason: string }[];
}

/** A tool, how it is found and what it must be able to do. */
export interface ToolSpec {
  readonly name: ToolName;
  /** Names of its program. */
  readonly programs: readonly string[];
  /** Absolute paths of further places, behind those on PATH. */
  readonly places: readonly string[];
  /** Asks a program. @returns its version, or why it cannot be used */
  readonly probe: (ask: Ask) => Promise<{ readonly version: string } | { readonly reason: string }>;
}

/** Runs the program in question with arguments. */
export type Ask = (args: readonly string[]) => Promise<ToolResult>;

const PROBE_TIMEOUT_MS = 20_000;

type Answer = Awaited<ReturnType<ToolSpec['probe']>>;

/** Finds tools, and asks each program once, and again when its file has changed. */
export class ToolFinder {
  private readonly answers = new Map<
    string,
    { readonly mtimeMs: number; readonly answer: Promise<Answer> }
  >();

  /**
   * Finds a tool: the user's own setting, which counts alone when there is one; PATH; and the usual places.
   *
   * @param given the setting `quern.tools`
   * @param before absolute paths that are tried before PATH
   */
  async find(
    spec: ToolSpec,
    given: ToolPaths = {},
    before: readonly string[] = [],
  ): Promise<FoundTool | MissingTool> {
    const setting = given[spec.name];
    const candidates =
      setting === undefined ? [...before, ...onPath(spec.programs), ...spec.places] : [setting];
    const rejected: { path: string; reason: string }[] = [];
    for (const path of new Set(candidates)) {
      const mtimeMs = mtimeOf(path);
      if (mtimeMs === undefined) continue;
      const answer = await this.ask(spec, path, mtimeMs);
      if ('version' in answer) return { path, version: answer.version };
      rejected.push({ path, reason: answer.reason });
    }
    const looked =
      setting === undefined
        ? [`${spec.programs.join(', ')} on PATH`, ...spec.places]
        : [`${setting}, which the setting quern.tools names`];
    return { looked, rejected };
  }

  private ask(spec: ToolSpec, path: string, mtimeMs: number): Promise<Answer> {
    const key = `${spec.name}\0${path}`;
    const known = this.answers.get(key);
    if (known?.mtimeMs === mtimeMs) return known.answer;
    const ask: Ask = (args) =>
      runTool({
        file: path,
        args,
        cwd: tmpdir(),
        // Asking a tool must not make it fetch another one.
        env: toolEnvironment(tmpdir(), { GOTOOLCHAIN: 'local' }),
        timeoutMs: PROBE_TIMEOUT_MS,
        maxOutputBytes: 1024 * 1024,
        signal: new AbortController().signal,
      });
    const answer = spec.probe(ask);
    this.answers.set(key, { mtimeMs, answer });
    return answer;
  }
}

/** Places below the user's folder. */
export function atHome(...names: readonly string[]): string[] {
  return names.map((name) => `${homedir()}/${name}`);
}

/** When a program's file was changed; undefined when there is none. */
function mtimeOf(path: string): number | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() ? stat.mtimeMs : undefined;
  } catch {
    // Not there, or behind a folder that we may not read.
    return undefined;
  }
}

/** Why a program that was asked gave no answer. */
export function probeFailure({ stopped, status, stderr, reason }: ToolResult): string {
  if (stopped === 'timeout') return 'it does not answer';
  const said = stderr.trim().split('\n')[0] ?? '';
  return `it fails when it is asked (${said || reason || `exit code ${status}`})`;
}

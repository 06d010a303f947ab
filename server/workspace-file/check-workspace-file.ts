import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser/lib/esm/main.js';
import type { ChainStep } from '../../wasm-core/protocol/chains.ts';
import { JsonPlace } from '../../wasm-core/protocol/json-place.ts';
import { isPlainPath } from '../../wasm-core/protocol/path-patterns.ts';
import { readWorkspaceFile, type WorkspaceSettings } from '../../wasm-core/protocol/workspace-file.ts';
import type { CompileDiagnostic } from '../compilers/compile-types.ts';
import { LineMap } from '../compilers/text-positions.ts';
import type { TableFinding } from './check-tables.ts';
import { WORKSPACE_FAULT, WORKSPACE_REFERENCE, WORKSPACE_TABLE } from './workspace-codes.ts';

/** What there is in the folder of a `quern.json`. */
export interface FolderWorld {
  /** Names of modules that its members may mean; undefined while nobody knows. */
  readonly modules: ReadonlySet<string> | undefined;
  /** Names of functions, likewise. */
  readonly functions: ReadonlySet<string> | undefined;
  /** Whether there is a file or a folder. @param path from the folder */
  readonly exists: (path: string) => boolean;
  /** Whether a pattern of `plugins` names a plugin. */
  readonly findsPlugins: (pattern: string) => boolean;
}

/**
 * What is wrong with the text of a `quern.json`, each at its place.
 *
 * @param options.source the file's path, for messages
 * @param options.faults false where the editor tells by the schema what is at fault; what the schema cannot say is told
 */
export function checkWorkspaceFile(
  text: string,
  options: { readonly source: string; readonly faults: boolean; readonly world: FolderWorld },
): CompileDiagnostic[] {
  const { settings, faults } = readWorkspaceFile(text, { source: options.source });
  const places = new JsonPlaces(text);
  const told = options.faults ? faults : [];
  return [
    ...told.map(({ message, details }) => ({
      severity: 'error' as const,
      code: WORKSPACE_FAULT,
      message,
      range: places.range(String(details.path), details.unknown === true ? 'name' : 'value'),
    })),
    ...references(settings, options.world).map(({ path, message, part }) => ({
      severity: WORKSPACE_REFERENCE.level,
      code: WORKSPACE_REFERENCE.code,
      message,
      range: places.at(path, part),
      isLint: true as const,
    })),
  ];
}

/** What the engine finds of tables as diagnostics, each at its place. */
export function tableDiagnostics(text: string, findings: readonly TableFinding[]): CompileDiagnostic[] {
  const places = new JsonPlaces(text);
  return findings.map(({ path, message }) => ({
    severity: WORKSPACE_TABLE.level,
    code: WORKSPACE_TABLE.code,
    message,
    range: places.at(path, path.length === 2 ? 'name' : 'value'),
    isLint: true as const,
  }));
}

/** A name in the file of something that is not there. */
interface Dangling {
  readonly path: readonly (string | number)[];
  readonly part: 'name' | 'value';
  readonly message: string;
}

function references(settings: WorkspaceSettings, world: FolderWorld): Dangling[] {
  return [
    ...names('capabilities', settings.capabilities.keys(), world.modules, 'module'),
    ...names('modes', settings.modes.keys(), world.modules, 'module'),
    ...names('functions', settings.functions.keys(), world.functions, 'function'),
    ...(settings.plugins ?? []).flatMap((pattern, index): Dangling[] =>
      world.findsPlugins(pattern)
        ? []
        : [{ path: ['plugins', index], part: 'value', message: `${pattern} finds no plugin in the folder.` }],
    ),
    ...tableFiles(settings, world),
    ...chains(settings, world),
  ];
}

function names(
  member: string,
  given: Iterable<string>,
  known: ReadonlySet<string> | undefined,
  what: string,
): Dangling[] {
  if (known === undefined) return [];
  const strangers = [...given].filter((name) => name !== '*' && !known.has(name));
  return strangers.map((name) => {
    const there =
      known.size > 0 ? `There are ${[...known].sort().slice(0, 8).join(', ')}.` : 'There is none.';
    return {
      path: [member, name],
      part: 'name',
      message: `There is no ${what} ${name} in the folder. ${there}`,
    };
  });
}

function tableFiles({ tables }: WorkspaceSettings, { exists }: FolderWorld): Dangling[] {
  return [...tables].flatMap(([name, { path: given }]) => {
    const isList = typeof given !== 'string';
    return (isList ? given : [given]).flatMap((file, index): Dangling[] => {
      if (!isPlainPath(file) || /\[|^[a-z]+:\/\//i.test(file) || exists(file)) return [];
      const path = ['tables', name, 'path', ...(isList ? [index] : [])];
      return [{ path, part: 'value', message: `There is no file ${file}.` }];
    });
  });
}

function chains({ chains }: WorkspaceSettings, world: FolderWorld): Dangling[] {
  return [...chains].flatMap(([name, chain]): Dangling[] => {
    if (typeof chain === 'string') {
      const message = `There is no file ${chain}.`;
      return world.exists(chain) ? [] : [{ path: ['chains', name], part: 'value', message }];
    }
    return chain.steps.flatMap((step): Dangling[] => {
      const module = moduleOf(step);
      if (module === undefined || world.modules === undefined || world.modules.has(module)) return [];
      // By its digest or its UUID it may mean what no name tells.
      if (/^[0-9a-f-]{36,64}$/i.test(module)) return [];
      const message = `The chain ${name} has a step of the module ${module}, which is not in the folder.`;
      return [{ path: ['chains', name], part: 'name', message }];
    });
  });
}

function moduleOf(step: ChainStep): string | undefined {
  if (typeof step === 'string') return step;
  return 'plugin' in step ? step.plugin : undefined;
}

/** Where the values of a JSON text stand. */
class JsonPlaces {
  private readonly root: Node | undefined;
  private readonly map: LineMap;

  constructor(text: string) {
    this.root = parseTree(text);
    this.map = new LineMap(text);
  }

  /** The place of a value, or of the nearest one that it would be in, by its path as messages have it. */
  range(path: string, part: 'name' | 'value') {
    const found =
      this.root && deepest(this.root, new JsonPlace({ kind: 'FORMAT_WORKSPACE', source: '' }), path);
    return this.of(found, part);
  }

  at(path: readonly (string | number)[], part: 'name' | 'value') {
    return this.of(this.root && findNodeAtLocation(this.root, [...path]), part);
  }

  private of(node: Node | undefined, part: 'name' | 'value') {
    const property = node?.parent?.type === 'property' ? node.parent.children?.[0] : undefined;
    const shown = (part === 'name' ? property : undefined) ?? node;
    // A whole object would be underlined to its end: its beginning is enough.
    const length = shown?.type === 'object' || shown?.type === 'array' ? 1 : (shown?.length ?? 0);
    const start = shown?.offset ?? 0;
    return this.map.range(start, start + length);
  }
}

/** The value at a path; where there is none, the innermost one on the way to it. */
function deepest(node: Node, place: JsonPlace, path: string): Node {
  if (place.path === path) return node;
  const isOnTheWay = (at: JsonPlace) =>
    path === at.path || path.startsWith(`${at.path}.`) || path.startsWith(`${at.path}[`);
  for (const [index, child] of (node.children ?? []).entries()) {
    const [key, value] = child.type === 'property' ? (child.children ?? []) : [undefined, child];
    if (value === undefined) continue;
    const at = key === undefined ? place.item(index) : place.member(String(key.value));
    if (isOnTheWay(at)) return deepest(value, at, path);
  }
  return node;
}

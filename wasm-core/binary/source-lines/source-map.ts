import type { IsWanted, LineRow, LineTable } from './line-table.ts';
import { vlqNumbers, vlqText } from './vlq.ts';

/*
 * Source maps of version 3 (https://tc39.es/ecma426/) as modules carry them in their section `quern.sourcemap`:
 * `version`, `sources` and `mappings` alone, one generated line, whose columns are bytes from the start of the code
 * section's content. So they stay right when sections before the code change.
 */

/** Name of the custom section that holds a module's source map. */
export const SOURCE_MAP_SECTION = 'quern.sourcemap';

/** A piece of a map; one without `place` says that the code from `address` on has no source. */
export interface MapSegment {
  readonly address: number;
  readonly place?: {
    /** Index into the sources. */
    readonly source: number;
    /** From 1. */
    readonly line: number;
    /** From 1. */
    readonly column: number;
  };
}

/** A source map in parts. */
export interface SourceMap {
  readonly sources: readonly string[];
  /** By rising address. */
  readonly segments: readonly MapSegment[];
}

/**
 * Reads a source map; of mappings that are broken, what stands before the fault counts.
 *
 * @returns undefined for a text that is no source map
 */
export function parseSourceMap(text: string): SourceMap | undefined {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { sources, mappings } = value as { readonly sources?: unknown; readonly mappings?: unknown };
  if (!Array.isArray(sources) || typeof mappings !== 'string') return undefined;
  const names = sources.map((name: unknown) => (typeof name === 'string' ? name : ''));
  return { sources: names, segments: readMappings(mappings) };
}

/** The JSON text of a map. */
export function sourceMapText(map: SourceMap): string {
  return JSON.stringify({ version: 3, sources: map.sources, mappings: mappingsOf(map.segments) });
}

/** The lines of a map that are wanted; undefined for a text that is none. */
export function sourceMapLines(text: string, isWanted: IsWanted): LineTable | undefined {
  const map = parseSourceMap(text);
  if (map === undefined) return undefined;
  const rows = map.segments
    .filter(({ address }) => isWanted(address))
    .map(
      ({ address, place }): LineRow => ({
        address,
        file: place?.source ?? -1,
        line: place?.line ?? 0,
        column: place?.column ?? 0,
      }),
    );
  rows.sort((a, b) => a.address - b.address);
  return { rows, file: (index) => map.sources[index], inOrder: true };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readMappings(mappings: string): MapSegment[] {
  const segments: MapSegment[] = [];
  const [line = ''] = mappings.split(';', 1);
  let address = 0;
  let source = 0;
  let sourceLine = 0;
  let sourceColumn = 0;
  for (const text of line === '' ? [] : line.split(',')) {
    const numbers = vlqNumbers(text);
    if (numbers === undefined || (numbers.length !== 1 && numbers.length < 4)) return segments;
    const [step = 0, sourceStep, lineStep = 0, columnStep = 0] = numbers;
    address += step;
    if (sourceStep === undefined) {
      segments.push({ address });
      continue;
    }
    source += sourceStep;
    sourceLine += lineStep;
    sourceColumn += columnStep;
    segments.push({ address, place: { source, line: sourceLine + 1, column: sourceColumn + 1 } });
  }
  return segments;
}

function mappingsOf(segments: readonly MapSegment[]): string {
  let address = 0;
  let last = { source: 0, line: 1, column: 1 };
  const texts: string[] = [];
  for (const segment of segments) {
    let text = vlqText(segment.address - address);
    address = segment.address;
    const { place } = segment;
    if (place !== undefined) {
      text += vlqText(place.source - last.source);
      text += vlqText(place.line - last.line) + vlqText(place.column - last.column);
      last = place;
    }
    texts.push(text);
  }
  return texts.join(',');
}

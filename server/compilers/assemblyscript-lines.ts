import { withCustomSection } from '../../wasm-core/binary/custom-section.ts';
import { readModule } from '../../wasm-core/binary/reader.ts';
import {
  type MapSegment,
  parseSourceMap,
  SOURCE_MAP_SECTION,
  sourceMapText,
} from '../../wasm-core/binary/source-lines/source-map.ts';
import { encodeUtf8 } from '../../wasm-core/binary/utf8.ts';
import { SECTION } from '../../wasm-core/binary/wasm-module.ts';

/** The section in which the compiler names the file of its map, which nobody gets. */
const MAP_URL_SECTION = 'sourceMappingURL';

/**
 * Puts the compiler's source map into its module, without the sources' text and without lines of wrappers: these stand
 * behind the last line of the source.
 *
 * @param options.map the compiler's map, whose columns are positions in `wasm`
 * @param options.entry the plugin's own file, as the map names it
 * @param options.lineCount lines of that file
 * @returns a new file; the module as it is when the map is none
 */
export function embedSourceMap(
  wasm: Uint8Array,
  options: { readonly map: string; readonly entry: string; readonly lineCount: number },
): Uint8Array {
  const map = parseSourceMap(options.map);
  const code = readModule(wasm).sections.find((s) => s.id === SECTION.code);
  if (map === undefined || code === undefined) return wasm;
  const isWrapper = ({ place }: MapSegment): boolean =>
    place !== undefined && map.sources[place.source] === options.entry && place.line > options.lineCount;
  const segments = map.segments.map((segment): MapSegment => {
    const address = segment.address - code.payloadStart;
    return isWrapper(segment) ? { address } : { ...segment, address };
  });
  const content = encodeUtf8(sourceMapText({ sources: map.sources, segments }));
  return withCustomSection(wasm, { name: SOURCE_MAP_SECTION, content, without: [MAP_URL_SECTION] });
}

import type { LineProfile } from '../../protocol/profile.ts';
import type { TrapSource } from '../../protocol/replays.ts';
import { isLibrary, type SourcePlace } from '../source-lines/line-table.ts';

interface LineCount {
  readonly place: SourcePlace;
  readonly function: number;
  executions: number;
  fewest: number;
  fuel: number;
}

/** Adds up by source line what instructions did. */
export class LineCounts {
  private readonly lines = new Map<string, LineCount>();

  /** @param did.isCalled whether the function that the instruction is in ran: of libraries only such code is of interest */
  add(
    place: SourcePlace,
    did: {
      readonly function: number;
      readonly isCalled: boolean;
      readonly executions: number;
      readonly fuel: number;
    },
  ): void {
    if (!did.isCalled && isLibrary(place.file)) return;
    const key = `${place.line} ${place.file}`;
    const { executions, fuel } = did;
    const known = this.lines.get(key);
    if (known === undefined) {
      this.lines.set(key, { place, function: did.function, executions, fewest: executions, fuel });
      return;
    }
    known.executions = Math.max(known.executions, executions);
    known.fewest = Math.min(known.fewest, executions);
    known.fuel += fuel;
  }

  /**
   * @param options.max of so many lines those that used most fuel stay
   * @param options.pathOf adds the path of the file where it is known
   * @returns by file and line
   */
  finish(options: { readonly max: number; readonly pathOf: (place: SourcePlace) => TrapSource }): {
    readonly lines: LineProfile[];
    readonly isCut: boolean;
  } {
    const all = [...this.lines.values()];
    const isCut = all.length > options.max;
    if (isCut) all.sort((a, b) => b.fuel - a.fuel).splice(options.max);
    all.sort((a, b) => compare(a.place.file, b.place.file) || a.place.line - b.place.line);
    const lines = all.map(({ place, function: index, executions, fewest, fuel }): LineProfile => {
      const { file, line, path } = options.pathOf(place);
      const isPartial = fewest === 0 && executions > 0;
      const known = { file, ...(path !== undefined && { path }), line, executions, fuel, function: index };
      return isPartial ? { ...known, partial: true } : known;
    });
    return { lines, isCut };
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

import path from 'node:path';
import { type FoundPlaces, isLibrary, type SourcePlace } from '../binary/source-lines/line-table.ts';
import { sourceLines } from '../binary/source-lines/source-lines.ts';
import { CoreError } from '../protocol/errors.ts';
import type { TrapSource } from '../protocol/replays.ts';
import type { Registry } from '../runtime/registry.ts';

/** Places are kept of so many frames: whoever fails in a loop fails at one place. */
const MAX_KNOWN = 512;

/** A frame as `guestError` notes it. */
interface Frame {
  readonly name: string;
  readonly function: number;
  readonly offset: number;
}

/** Adds the lines of a plugin's source to its traps. */
export class TrapLines {
  readonly #registry: Pick<Registry, 'bytesOf'>;
  /** By digest and offset, the oldest first. */
  readonly #known = new Map<string, FoundPlaces>();

  constructor(registry: Pick<Registry, 'bytesOf'>) {
    this.#registry = registry;
  }

  /**
   * The error with `file`, `line` and `column` in each of its `frames` where they are known, `source` for the innermost
   * place in the author's own code, and that place in its message. Any other error stays as it is.
   *
   * @param module whose code the frames are of; `source` is the absolute path that it was compiled from
   */
  async place(
    error: CoreError,
    module: { readonly digest: string; readonly source?: string | undefined },
  ): Promise<CoreError> {
    const frames = framesOf(error.details.frames);
    if (frames === undefined || error.details.source !== undefined) return error;
    const found = await this.#find(module.digest, frames);
    const aborted = abortPlace(error.details);
    const placed = frames.map((frame, index) => ({
      ...frame,
      ...(found[index]?.place ?? (index === 0 ? aborted : undefined)),
    }));
    const own = aborted && !isLibrary(aborted.file) ? aborted : found.find((f) => f.own)?.own;
    if (own === undefined)
      return new CoreError(error.kind, error.message, { ...error.details, frames: placed });
    const source = withPath(own, module.source);
    // An abort that tells its own place has it in its message.
    const message = own === aborted ? error.message : messageAt(error.message, own);
    return new CoreError(error.kind, message, { ...error.details, frames: placed, source });
  }

  async #find(digest: string, frames: readonly Frame[]): Promise<readonly FoundPlaces[]> {
    const keys = frames.map(({ offset }) => `${digest} ${offset}`);
    const known = keys.map((key) => this.#known.get(key));
    if (known.every((places) => places !== undefined)) return known;
    const bytes = await this.#registry.bytesOf(digest);
    const offsets = frames.map(({ offset }) => offset);
    const found = (bytes && sourceLines(bytes, offsets)) ?? frames.map(() => ({}));
    for (const [index, places] of found.entries()) this.#known.set(keys[index] ?? '', places);
    for (const key of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(key);
    }
    return found;
  }
}

function framesOf(value: unknown): readonly Frame[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const isFrame = (item: unknown): item is Frame =>
    typeof item === 'object' && item !== null && 'offset' in item && typeof item.offset === 'number';
  return value.every(isFrame) ? value : undefined;
}

/** Where a plugin's own `abort` says that it is. */
function abortPlace({ abort, file, line, column }: CoreError['details']): SourcePlace | undefined {
  if (typeof abort !== 'string' || typeof file !== 'string' || file === '') return undefined;
  return typeof line === 'number' && typeof column === 'number' ? { file, line, column } : undefined;
}

/** The place with the absolute path of its file, where it is known. @param source what the module was compiled from */
export function withPath(place: SourcePlace, source: string | undefined): TrapSource {
  const { file } = place;
  if (path.isAbsolute(file)) return { ...place, path: file };
  const isSource = source !== undefined && `/${source.split(path.sep).join('/')}`.endsWith(`/${file}`);
  return isSource ? { ...place, path: source } : place;
}

/** `… trapped: it divided by zero at slug.ts:12.` */
function messageAt(message: string, { file, line }: SourcePlace): string {
  const at = ` at ${path.posix.basename(file)}:${line}`;
  return message.endsWith('.') ? `${message.slice(0, -1)}${at}.` : message + at;
}

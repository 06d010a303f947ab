import { SaxesParser } from 'saxes';
import type { DataFile } from '../data-file.ts';
import { badFile } from '../file-table.ts';

/** What reading an XML part tells, in its order. Names have no prefixes. */
export interface XmlEvents {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/** Reads XML piece by piece. */
export class XmlReader {
  readonly #file: DataFile;
  readonly #part: string;
  readonly #parser = new SaxesParser({ position: false });
  #decoder: InstanceType<typeof TextDecoder> | undefined;

  constructor({ file, part }: { readonly file: DataFile; readonly part: string }, events: XmlEvents) {
    this.#file = file;
    this.#part = part;
    this.#parser.on('opentag', ({ name, attributes }) =>
      events.open?.(localName(name), locals(attributes as Record<string, string>)),
    );
    this.#parser.on('closetag', ({ name }) => events.close?.(localName(name)));
    this.#parser.on('text', (text) => events.text?.(text));
    this.#parser.on('cdata', (text) => events.text?.(text));
    this.#parser.on('error', (error) => {
      throw error;
    });
  }

  /** @throws CoreError FORMAT_DATA when it is no XML */
  push(piece: Uint8Array): void {
    this.#decoder ??= decoderFor(piece);
    this.#attempt(() => this.#parser.write(this.#decoder?.decode(piece, { stream: true }) ?? ''));
  }

  /** There is no more. @throws CoreError FORMAT_DATA when there should be */
  end(): void {
    this.#attempt(() => this.#parser.close());
  }

  #attempt(use: () => void): void {
    try {
      use();
    } catch (error) {
      // What the events throw is about the file already.
      if (error instanceof Error && 'kind' in error) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw badFile(
        this.#file,
        `its part '${this.#part}' is no XML: ${why.slice(0, 200).replace(/\.$/, '')}`,
      );
    }
  }
}

/** Reads a whole part. @throws CoreError FORMAT_DATA */
export function readXml(
  from: { readonly file: DataFile; readonly part: string; readonly pieces: Iterable<Uint8Array> },
  events: XmlEvents,
): void {
  const reader = new XmlReader(from, events);
  for (const piece of from.pieces) reader.push(piece);
  reader.end();
}

function decoderFor(piece: Uint8Array): InstanceType<typeof TextDecoder> {
  const [a, b] = piece;
  const isWide = (a === 0xff && b === 0xfe) || (a === 0x3c && b === 0);
  return new TextDecoder(isWide ? 'utf-16le' : 'utf-8', { fatal: true });
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** The attributes by their local names; most have no others. */
function locals(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  let hasPrefix = false;
  for (const name in attributes) hasPrefix ||= name.includes(':');
  if (!hasPrefix) return attributes;
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [localName(name), value]));
}

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { HistoryEntry } from '../../protocol/history.ts';
import { seal, unseal } from '../../runtime/node/sealed/sealed-format.ts';
import type { SealingKey } from '../../runtime/node/sealed/sealing-key.ts';
import { parseHistoryLine } from './history-line.ts';

/** A line of a segment: where it stands is part of what is sealed, so that lines cannot be moved. */
export interface LinePlace {
  /** Absolute. */
  readonly file: string;
  /** From 0, torn lines counted. */
  readonly index: number;
}

/** What a segment has. */
export interface SegmentContent {
  readonly entries: readonly HistoryEntry[];
  /** Lines that another key sealed, or that cannot be read without one. */
  readonly locked: number;
}

/** A run as a line, with its line feed. @param key absent: it is not encrypted */
export async function writeLine(
  entry: HistoryEntry,
  place: LinePlace,
  key: SealingKey | undefined,
): Promise<Buffer> {
  const json = JSON.stringify(entry);
  if (key === undefined) return Buffer.from(`${json}\n`);
  const sealed = await seal(key, Buffer.from(json), contextOf(place));
  return Buffer.from(`${JSON.stringify({ sealed: Buffer.from(sealed).toString('base64') })}\n`);
}

/** Reads a segment; one that is gone has nothing. */
export async function readSegment(file: string, key: SealingKey | undefined): Promise<SegmentContent> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const entries: HistoryEntry[] = [];
  let locked = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const sealed = /^\{"sealed":"([A-Za-z0-9+/=]+)"\}$/.exec(line)?.[1];
    const json = sealed === undefined ? line : await openLine(sealed, { file, index }, key);
    if (json === undefined) locked++;
    const entry = parseHistoryLine(json ?? '');
    if (entry !== undefined) entries.push(entry);
  }
  return { entries, locked };
}

async function openLine(
  base64: string,
  place: LinePlace,
  key: SealingKey | undefined,
): Promise<string | undefined> {
  if (key === undefined) return undefined;
  try {
    return Buffer.from(await unseal(key, Buffer.from(base64, 'base64'), contextOf(place))).toString('utf8');
  } catch {
    return undefined;
  }
}

function contextOf({ file, index }: LinePlace): string {
  return `history ${path.basename(file)} ${index}`;
}

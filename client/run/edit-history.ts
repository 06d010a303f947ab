/** One replacement in a text, as the editor reports it. */
export interface TextEdit {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

interface Step {
  /** The version that these edits made. */
  readonly version: number;
  readonly edits: readonly TextEdit[];
}

const MAX_STEPS = 500;

/**
 * Follows positions through the edits of documents, so that a lens drawn for an earlier version still runs the statement
 * that it stands above.
 */
export class EditHistory {
  readonly #steps = new Map<string, Step[]>();

  /** Notes the edits that made a version; the edits of one change all refer to the text before it. */
  changed(uri: string, version: number, edits: readonly TextEdit[]): void {
    const steps = this.#steps.get(uri) ?? [];
    steps.push({ version, edits });
    if (steps.length > MAX_STEPS) steps.shift();
    this.#steps.set(uri, steps);
  }

  closed(uri: string): void {
    this.#steps.delete(uri);
  }

  /**
   * Where a position of an earlier version is now.
   *
   * @param offset UTF-16 code units in the version `from`
   * @param to the version that the document has now
   * @returns undefined when the edits between are not known, or the text around the position was replaced
   */
  map(uri: string, offset: number, from: number, to: number): number | undefined {
    if (from === to) return offset;
    const steps = (this.#steps.get(uri) ?? []).filter((s) => s.version > from && s.version <= to);
    const first = steps[0];
    if (from > to || first === undefined || first.version > from + 1) return undefined;
    let at: number | undefined = offset;
    for (const step of steps) at = at === undefined ? undefined : moved(at, step.edits);
    return at;
  }
}

/** Where a position is after the edits of one change; undefined when the text around it was replaced. */
export function moved(offset: number, edits: readonly TextEdit[]): number | undefined {
  let shift = 0;
  for (const edit of edits) {
    const end = edit.rangeOffset + edit.rangeLength;
    if (end <= offset) shift += edit.text.length - edit.rangeLength;
    else if (edit.rangeOffset < offset) return undefined;
  }
  return offset + shift;
}

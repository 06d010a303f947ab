/** More of a cell than fits any column is never drawn; the strip below the grid shows all of it. */
const DRAWN_CHARACTERS = 400;

/** What a cell draws of its text: the beginning, on one line. */
export function drawnText(text: string): string {
  const start = text.length > DRAWN_CHARACTERS ? `${text.slice(0, DRAWN_CHARACTERS)}…` : text;
  return start.replace(/\r\n|[\n\r]/g, '⏎').replace(/\t/g, '⇥');
}

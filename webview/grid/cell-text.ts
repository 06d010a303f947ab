/** More of a cell than fits any column is never drawn; the viewer shows all of it. */
const DRAWN_CHARACTERS = 400;

/** What a cell draws of its text: the beginning; no half of a character. */
export function drawnText(text: string): string {
  if (text.length <= DRAWN_CHARACTERS) return text;
  const last = text.charCodeAt(DRAWN_CHARACTERS - 1);
  const end = last >= 0xd800 && last < 0xdc00 ? DRAWN_CHARACTERS - 1 : DRAWN_CHARACTERS;
  return `${text.slice(0, end)}…`;
}

/*
 * Characters that one cannot see, or that change how others are shown: control characters, marks that override the
 * direction of writing, spaces of no width, halves of a surrogate pair. They are shown as small signs. The characters
 * themselves stay in the page's text, with no size, so that what is selected and copied is the text as it is.
 */

/** All control and format characters but those that join letters and emoji, or that are letters' own signs. */
const UNSEEN =
  /[\p{Cc}\p{Cs}\u2028\u2029]|(?![\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{e0020}-\u{e007f}]|\u200c|\u200d)\p{Cf}/gu;

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** How a text is shown. */
export interface VisibleOptions {
  /** Line breaks and tabs do what they do, as in a paragraph; absent: they are shown as signs. */
  readonly isMultiline?: boolean;
  /** Spaces at the beginning and end are shown as dots. */
  readonly marksSpaces?: boolean;
}

/** Whether a text has letters that are written from right to left. */
export function isRightToLeft(text: string): boolean {
  return RIGHT_TO_LEFT.test(text);
}

/** Whether a text is of ASCII that one can see, with no space at its ends. */
export function isPlain(text: string): boolean {
  return text === '' || /^[!-~](?:[ -~]*[!-~])?$/.test(text);
}

/** Puts a text into an element, in place of what it has. */
export function showText(node: HTMLElement, text: string, options: VisibleOptions = {}): void {
  const [child] = node.childNodes;
  if (!isPlain(text)) node.replaceChildren(...parts(text, options));
  // A text that is there already is the cheapest to change.
  else if (child instanceof Text && child.nextSibling === null) child.data = text;
  else node.textContent = text;
}

function parts(text: string, { isMultiline, marksSpaces }: VisibleOptions): Node[] {
  const [lead, tail] = marksSpaces === true ? spaceEnds(text) : [0, text.length];
  const nodes: Node[] = [];
  if (lead > 0) nodes.push(span('space', text.slice(0, lead)));
  const middle = text.slice(lead, tail);
  let from = 0;
  for (const { 0: character, index } of middle.matchAll(UNSEEN)) {
    if (isMultiline === true && /[\n\r\t]/.test(character)) continue;
    if (index > from) nodes.push(document.createTextNode(middle.slice(from, index)));
    nodes.push(sign(character));
    from = index + character.length;
  }
  if (from < middle.length) nodes.push(document.createTextNode(middle.slice(from)));
  if (tail < text.length) nodes.push(span('space', text.slice(tail)));
  return nodes;
}

/** Where the spaces at the beginning end, and where those at the end begin. Line breaks have signs of their own. */
function spaceEnds(text: string): [number, number] {
  const isSpace = (at: number) => /[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/.test(text[at] ?? '');
  let lead = 0;
  while (lead < text.length && isSpace(lead)) lead++;
  let tail = text.length;
  while (tail > lead && isSpace(tail - 1)) tail--;
  return [lead, tail];
}

function span(className: string, text: string): HTMLElement {
  const node = document.createElement('span');
  node.className = className;
  node.textContent = text;
  return node;
}

function sign(character: string): HTMLElement {
  const node = span('sign', character);
  node.dataset.sign = signOf(character);
  return node;
}

/** What ASCII calls its control characters. */
const CONTROLS =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(
    ' ',
  );

/** `⏎` and `⇥`, a name such as `NUL`, else the number such as `U+202E`. */
function signOf(character: string): string {
  if (character === '\n' || character === '\r') return '⏎';
  if (character === '\t') return '⇥';
  const code = character.codePointAt(0) ?? 0;
  return CONTROLS[code] ?? (code === 0x7f ? 'DEL' : `U+${code.toString(16).toUpperCase().padStart(4, '0')}`);
}

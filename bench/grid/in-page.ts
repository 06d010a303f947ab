/*
 * What runs in the page. Each function is sent there as text, so it may use nothing from outside itself.
 */

/** How a scroll went. Milliseconds. */
export interface ScrollFigures {
  /** What each frame took: scripts, styles, layout, and what the main thread does of painting. */
  readonly frames: readonly number[];
  /** How long rows had no values while they were in view, each of them. */
  readonly blanks: readonly number[];
}

/** A way to scroll, by what a frame adds to the position. Pixels. */
export interface ScrollPlan {
  readonly frames: number;
  readonly step: number;
  /** Sideways in place of down. */
  readonly isSideways?: boolean;
}

/** Answers the page's pulls with the same bytes, after as long as the extension takes to read and send them. */
export function answerPulls({
  base64,
  afterMs,
}: {
  readonly base64: string;
  readonly afterMs: number;
}): void {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  const calls = window as unknown as { quernPost(message: unknown): void };
  const post = calls.quernPost.bind(calls);
  calls.quernPost = (message) => {
    const { type, id, page } = message as { type: string; id: string; page: number };
    if (type !== 'pull') return post(message);
    setTimeout(() => {
      const data = { type: 'page', id, page, bytes: bytes.slice().buffer };
      window.dispatchEvent(new MessageEvent('message', { data }));
    }, afterMs);
  };
}

/** Scrolls the grid by a plan, a step a frame, turning round at the ends. */
export async function scroll({ frames, step, isSideways }: ScrollPlan): Promise<ScrollFigures> {
  const grid = document.querySelector('[role=grid]');
  if (grid === null) throw new Error('There is no grid.');
  const figures = { frames: [] as number[], blanks: [] as number[] };
  const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const afterFrame = () =>
    new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => resolve();
      port2.postMessage(undefined);
    });
  /** Since when rows that are in view have been without values. */
  const blankSince = new Map<string, number>();
  let direction = 1;
  for (let i = 0; i < frames; i++) {
    const axis = isSideways === true ? 'scrollLeft' : 'scrollTop';
    const before = grid[axis];
    grid[axis] = before + step * direction;
    if (grid[axis] === before) direction = -direction;
    await nextFrame();
    const started = performance.now();
    // The message is handled when the frame that began here has been drawn.
    await afterFrame();
    const ended = performance.now();
    figures.frames.push(ended - started);
    const { top, bottom } = grid.getBoundingClientRect();
    const blank = new Set<string>();
    for (const cell of grid.querySelectorAll('.cell.pending')) {
      const box = cell.getBoundingClientRect();
      if (box.bottom > top && box.top < bottom)
        blank.add(cell.closest('[role=row]')?.getAttribute('aria-rowindex') ?? '');
    }
    for (const row of blank) if (!blankSince.has(row)) blankSince.set(row, started);
    for (const [row, since] of blankSince) {
      if (blank.has(row)) continue;
      figures.blanks.push(ended - since);
      blankSince.delete(row);
    }
  }
  return figures;
}

/** How far the pointer goes before a press is a drag, pixels. */
const THRESHOLD = 6;

/**
 * Lets a column be dragged by its name to another place; a press that does not move stays a click.
 *
 * @param begin called at a press; gives what to do when that drag ends at a place of the window
 */
export function dragColumn(name: HTMLElement, begin: () => (clientX: number) => void): void {
  name.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest('button') !== null))
      return;
    const start = event.clientX;
    const dropped = begin();
    let isDragged = false;
    const end = new AbortController();
    const options = { signal: end.signal };
    const stop = () => {
      end.abort();
      name.classList.remove('dragged');
      name.style.transform = '';
    };
    const move = ({ clientX }: PointerEvent) => {
      if (!isDragged && Math.abs(clientX - start) < THRESHOLD) return;
      isDragged = true;
      name.classList.add('dragged');
      name.style.transform = `translateX(${clientX - start}px)`;
    };
    const up = ({ clientX }: PointerEvent) => {
      stop();
      if (!isDragged) return;
      // The click that follows is the end of the drag.
      const swallow = (click: MouseEvent) => click.stopPropagation();
      window.addEventListener('click', swallow, { capture: true, once: true });
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
      dropped(clientX);
    };
    window.addEventListener('pointermove', move, options);
    window.addEventListener('pointerup', up, options);
    window.addEventListener('pointercancel', stop, options);
    window.addEventListener(
      'keydown',
      (key) => {
        if (key.key === 'Escape') stop();
      },
      options,
    );
  });
}

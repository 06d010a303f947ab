import type { Picture } from '../../wasm-core/results/bench/picture.ts';
import { element } from '../dom.ts';
import { pictureNode } from './picture-node.ts';

/** Pictures are no narrower and no wider, pixels. */
const MIN_WIDTH_PX = 280;
const MAX_WIDTH_PX = 1100;

/** Shows a picture as wide as there is room, and draws it anew when that changes. */
export class PictureFrame {
  readonly node: HTMLElement;
  readonly #resize: ResizeObserver;
  #draw: (width: number) => Picture | undefined;
  #width = 0;

  /** @param draw undefined when there is nothing to show, which takes no room then */
  constructor(draw: (width: number) => Picture | undefined) {
    this.#draw = draw;
    this.node = element('div', { class: 'frame' });
    this.#resize = new ResizeObserver(() => this.#fit());
    this.#resize.observe(this.node);
  }

  /** Draws something else from now on. */
  show(draw: (width: number) => Picture | undefined): void {
    this.#draw = draw;
    this.#redraw();
  }

  dispose(): void {
    this.#resize.disconnect();
  }

  #fit(): void {
    const width = Math.min(MAX_WIDTH_PX, Math.max(MIN_WIDTH_PX, Math.floor(this.node.clientWidth)));
    if (width === this.#width) return;
    this.#width = width;
    this.#redraw();
  }

  #redraw(): void {
    if (this.#width === 0) return;
    const picture = this.#draw(this.#width);
    this.node.replaceChildren(...(picture === undefined ? [] : [pictureNode(picture)]));
  }
}

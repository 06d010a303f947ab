/** An answer that is JSON already. */
export class JsonText {
  readonly text: string;

  /** @param text one JSON value without a line end */
  constructor(text: string) {
    this.text = text;
  }
}

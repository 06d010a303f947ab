import { element } from './dom.ts';

/** What is asked, and where. */
export interface TextQuestion {
  readonly label: string;
  readonly button: string;
  /** A place of the window, pixels. */
  readonly x: number;
  readonly y: number;
  /** Gets the focus back. */
  readonly opener: HTMLElement;
  /** Takes a text that is not empty. */
  answered(text: string): void;
}

/** Asks for a line of text; Escape, or a press elsewhere, gives none. */
export function askText(question: TextQuestion): void {
  const input = element('input', {
    class: 'input',
    attributes: { type: 'text', 'aria-label': question.label, placeholder: question.label, size: '28' },
  });
  const form = element('form', { class: 'ask' }, [
    input,
    element('button', { class: 'button', text: question.button, attributes: { type: 'submit' } }),
  ]);
  const attributes = { role: 'dialog', 'aria-label': question.label };
  const dialog = element('div', { class: 'menu', attributes }, [form]);
  let isClosed = false;
  const close = () => {
    // To be removed takes the focus away, which closes too.
    if (isClosed) return;
    isClosed = true;
    const hadFocus = dialog.contains(document.activeElement);
    dialog.remove();
    if (hadFocus) question.opener.focus({ preventScroll: true });
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = input.value;
    close();
    if (text !== '') question.answered(text);
  });
  dialog.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    event.stopPropagation();
  });
  dialog.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && dialog.contains(relatedTarget))) close();
  });
  (document.querySelector('main') ?? document.body).append(dialog);
  const { width, height } = dialog.getBoundingClientRect();
  dialog.style.left = `${Math.max(0, Math.min(question.x, window.innerWidth - width - 4))}px`;
  dialog.style.top = `${Math.max(0, Math.min(question.y, window.innerHeight - height - 4))}px`;
  input.focus({ preventScroll: true });
}

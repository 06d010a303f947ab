import * as l10n from '@vscode/l10n';
import { assertNever } from '../../wasm-core/protocol/assert-never.ts';
import type { FromProfilePage, ToProfilePage } from '../../wasm-core/protocol/profile-page.ts';
import { cancelledNotice, failedNotice, hintNotice, type Notice, RunningNotice } from '../notices.ts';
import { ProfileView } from './profile-view.ts';

/** The profile page: shows one thing at a time, as the extension's messages say. */
export class ProfileApp {
  readonly #root: HTMLElement;
  readonly #send: (message: FromProfilePage) => void;
  #shown: Notice | RunningNotice | ProfileView;

  /** @param send takes messages for the extension */
  constructor(root: HTMLElement, send: (message: FromProfilePage) => void) {
    this.#root = root;
    this.#send = send;
    this.#shown = hintNotice(
      l10n.t('No profile yet'),
      l10n.t('Press Profile above a function in the source of a plugin.'),
    );
    this.#root.replaceChildren(this.#shown.node);
  }

  /** Acts on a message of the extension. */
  receive(message: ToProfilePage): void {
    switch (message.type) {
      case 'running':
        this.#show(new RunningNotice(message.title, () => this.#send({ type: 'cancel' })));
        break;
      case 'progress':
        if (this.#shown instanceof RunningNotice) this.#shown.progress(message.percent);
        break;
      case 'profile':
        this.#show(new ProfileView(message, this.#send));
        break;
      case 'failed':
        this.#show(failedNotice(message.message, undefined));
        break;
      case 'cancelled':
        this.#show(cancelledNotice());
        break;
      default:
        assertNever(message);
    }
  }

  #show(next: Notice | RunningNotice | ProfileView): void {
    this.#shown.dispose();
    this.#shown = next;
    this.#root.replaceChildren(next.node);
  }
}

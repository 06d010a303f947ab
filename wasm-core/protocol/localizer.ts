/*
 * Texts for people that the command line and the editor share: the command line has them in English, the editor in its
 * language. They are written as `l10n.t('…')`, so that the tool that looks for texts finds them here, too.
 */

/** Translates: `vscode.l10n`, `@vscode/l10n`, or `ENGLISH`. */
export interface Localizer {
  /** @param message in English, with `{0}`, `{1}` where values go; without values they stay */
  t(message: string, ...values: (string | number)[]): string;
}

/** Leaves every text as it is, its values put in. */
export const ENGLISH: Localizer = {
  t: (message, ...values) =>
    message.replace(/\{(\d+)\}/g, (place, index) => String(values[Number(index)] ?? place)),
};

/** What the document of a page is made of. */
export interface PageParts {
  /** The addresses of its script and its style sheet. */
  readonly script: string;
  readonly style: string;
  /** Where style sheets may come from, as the policy writes it. */
  readonly styleSource: string;
  /** Fresh letters and digits that nobody can guess. */
  readonly nonce: string;
  /** Plain text of ours. */
  readonly title: string;
  readonly texts: PageTexts;
}

/** The texts of a page in the editor's language. */
export interface PageTexts {
  /** As HTML names languages, such as `de`. */
  readonly language: string;
  /** Translations by the English texts; undefined when the page is in English. */
  readonly bundle?: object | undefined;
}

/**
 * The document of a page: empty but for its translations, with a script and a style sheet of ours, and nothing else may
 * load or run.
 */
export function pageDocument({ script, style, styleSource, nonce, title, texts }: PageParts): string {
  const policy = `default-src 'none'; style-src ${styleSource}; script-src 'nonce-${nonce}';`;
  return `<!DOCTYPE html>
<html lang="${texts.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
${texts.bundle === undefined ? '' : bundleElement(texts.bundle)}<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}

/** Data that the page reads; no type of a script, so that no browser runs it and no policy has to allow it. */
function bundleElement(bundle: object): string {
  // No text may end the element.
  const json = JSON.stringify(bundle).replaceAll('<', '\\u003c');
  return `<script type="application/json" id="translations">${json}</script>\n`;
}

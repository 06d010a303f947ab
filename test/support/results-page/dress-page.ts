/** Runs in a page before its own scripts, so it may use nothing from outside itself. */
export function dressPage(theme: {
  readonly colors: Readonly<Record<string, string>>;
  readonly bodyClass: string;
}): void {
  const calls = window as unknown as {
    quernPost(message: unknown): void;
    quernFault(fault: string): void;
    acquireVsCodeApi?: () => {
      postMessage(message: unknown): void;
      getState(): unknown;
      setState(state: unknown): void;
    };
  };
  let isAcquired = false;
  calls.acquireVsCodeApi = () => {
    if (isAcquired) throw new Error('An instance of the VS Code API has already been acquired');
    isAcquired = true;
    // Bytes do not get through as they are.
    const packed = (message: unknown): unknown => {
      const bytes = (message as { bytes?: unknown } | null)?.bytes;
      if (!(bytes instanceof ArrayBuffer)) return message;
      const text = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('');
      return { ...(message as object), bytes: { $bytes: btoa(text) } };
    };
    return {
      postMessage: (message) => calls.quernPost(packed(message)),
      getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null') ?? undefined,
      setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
    };
  };
  document.addEventListener('securitypolicyviolation', (event) => {
    calls.quernFault(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
  });
  // The layer makes these yield to the page's own style sheet, as the editor's default styles do.
  const defaults = new CSSStyleSheet();
  defaults.replaceSync(`@layer vscode-default {
    html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
    body { color: var(--vscode-editor-foreground); margin: 0; padding: 0 20px;
      font-family: var(--vscode-font-family); font-size: var(--vscode-font-size); }
    a:focus, input:focus, select:focus, textarea:focus { outline: 1px solid -webkit-focus-ring-color; }
  }`);
  document.adoptedStyleSheets = [defaults];
  document.addEventListener('DOMContentLoaded', () =>
    document.body.classList.add(...theme.bodyClass.split(' ')),
  );
  new MutationObserver((_, observer) => {
    if (document.documentElement === null) return;
    observer.disconnect();
    for (const [name, value] of Object.entries(theme.colors)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
  }).observe(document, { childList: true });
}

/*
 * Stands where the desktop executable of VS Code stands: `@vscode/test-electron` starts it with the same arguments, and it
 * runs the extension and its tests in the extension host of a VS Code server, a headless Chromium being its window.
 * The page calls `codeAutomationLog` and `codeAutomationExit`, as it does for `@vscode/test-web`.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openPage, type TestPage } from '../support/vscode/browser.ts';
import { type EditorEnvironment, editorEnvironment } from '../support/vscode/environment.ts';
import { createProfile } from '../support/vscode/profile.ts';
import { startServer, type VsCodeServer } from '../support/vscode/server.ts';

/** How long the window may say nothing before it counts as hung: a test, which tells how it ended, has three minutes. */
const MAX_SILENCE_MS = 240_000;
const TIMED_OUT = 124;

/** What VS Code itself writes into the tests' output. */
const NOISE =
  /^(Ignoring fetching|Updating additional|Creating a socket|Resolv|\[(recon|Agent|Account|Service W))/;

interface DesktopArguments {
  readonly folder: string;
  readonly extensions: readonly string[];
  readonly tests: string;
}

void main();

async function main(): Promise<void> {
  const environment = editorEnvironment();
  const profile = createProfile();
  let server: VsCodeServer | undefined;
  let browser: TestPage | undefined;
  try {
    server = await startServer({ environment, profile, testDriver: true });
    browser = await openPage(environment);
    process.exitCode = await runTests(server, browser, parseArguments(process.argv.slice(2)));
    if (process.exitCode === TIMED_OUT) await tellState(environment, browser, server);
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    await browser?.close();
    await server?.stop();
    profile.remove();
  }
}

function parseArguments(args: readonly string[]): DesktopArguments {
  const values = (name: string): string[] =>
    args.filter((a) => a.startsWith(`--${name}=`)).map((a) => path.resolve(a.slice(name.length + 3)));
  const folder = args.find((a) => !a.startsWith('-'));
  const [tests] = values('extensionTestsPath');
  if (folder === undefined || tests === undefined)
    throw new Error('A folder and --extensionTestsPath are needed.');
  return { folder: path.resolve(folder), extensions: values('extensionDevelopmentPath'), tests };
}

/** Opens the window and waits for the tests' exit code. */
async function runTests(server: VsCodeServer, { page }: TestPage, args: DesktopArguments): Promise<number> {
  const remote = (file: string): string => `vscode-remote://${new URL(server.origin).host}${file}`;
  const payload = [
    ...args.extensions.map((folder) => ['extensionDevelopmentPath', remote(folder)]),
    ['extensionTestsPath', remote(args.tests)],
    ['skipWelcome', 'true'],
  ];
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const silence = setTimeout(() => end(TIMED_OUT), MAX_SILENCE_MS).unref();
  await page.exposeFunction('codeAutomationLog', (_type: string, texts: readonly unknown[]) => {
    if (NOISE.test(String(texts[0]))) return;
    silence.refresh();
    console.log(...texts);
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => end(code));
  const query = new URLSearchParams({ folder: args.folder, payload: JSON.stringify(payload) });
  await page.goto(`${server.origin}/?${query}`);
  return ended;
}

async function tellState(
  environment: EditorEnvironment,
  browser: TestPage,
  server: VsCodeServer,
): Promise<void> {
  mkdirSync(environment.screenshots, { recursive: true });
  await browser.page.screenshot({ path: path.join(environment.screenshots, 'host-tests-timed-out.png') });
  console.error('The tests in the extension host say nothing any more.', browser.errors, server.output());
}

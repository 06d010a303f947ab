/** Where the editor tests find what they run in; `tools/editor-tests.mjs` installs it and says so by variables. */
export interface EditorEnvironment {
  /** The Node that the VS Code server is built for. */
  readonly node: string;
  /** The VS Code server's `server-main.js`. */
  readonly serverMain: string;
  readonly chromium: string;
  /** Folder for screenshots. */
  readonly screenshots: string;
}

/**
 * Reads the variables.
 *
 * @throws Error when one is missing: the tests were not started by `node tools/editor-tests.mjs`
 */
export function editorEnvironment(env: NodeJS.ProcessEnv = process.env): EditorEnvironment {
  return {
    node: variable(env, 'QUERN_VSCODE_NODE'),
    serverMain: variable(env, 'QUERN_VSCODE_MAIN'),
    chromium: variable(env, 'QUERN_CHROMIUM'),
    screenshots: variable(env, 'QUERN_SCREENSHOTS'),
  };
}

/** The value of a variable that the tests cannot do without. */
export function variable(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined) throw new Error(`${name} is not set; run node tools/editor-tests.mjs instead.`);
  return value;
}

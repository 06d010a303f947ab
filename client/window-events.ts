import * as vscode from 'vscode';
import { EMBEDDING_LANGUAGES } from '../wasm-core/protocol/embedded-sql.ts';
import type { HostLink } from './host/host-link.ts';
import type { Sessions } from './host/sessions.ts';
import type { LanguageService } from './language-client.ts';
import type { EditHistory } from './run/edit-history.ts';
import type { Runner } from './run/runner.ts';
import { changesSessions } from './settings.ts';

/** Keeps the history of edits of documents that are or may have SQL, which stale lenses need. */
export function followEdits(edits: EditHistory): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.languageId === 'sql' || EMBEDDING_LANGUAGES.includes(document.languageId))
        edits.changed(document.uri.toString(), document.version, contentChanges);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => edits.closed(document.uri.toString())),
  );
}

/** What lenses show depends on these. */
const LENS_SETTINGS = ['quern.lenses', 'quern.functionLenses'];

interface SettingsParts {
  readonly languages: LanguageService;
  readonly link: HostLink;
  readonly sessions: Sessions;
  readonly log: vscode.LogOutputChannel;
}

/** Settings that are read at a start take effect with a new one: allowed folders, Quern's home. */
export function followSettings(parts: SettingsParts): vscode.Disposable {
  const { languages, link, sessions, log } = parts;
  const restart = () => {
    sessions.reset();
    link.disconnect();
    languages
      .start()
      .catch((error: unknown) => log.error(`The language server did not start again: ${error}`));
  };
  return vscode.Disposable.from(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (changesSessions(change)) restart();
      else if (LENS_SETTINGS.some((name) => change.affectsConfiguration(name))) languages.refreshLenses();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(restart),
  );
}

interface TrustParts {
  readonly languages: LanguageService;
  readonly link: HostLink;
  readonly log: vscode.LogOutputChannel;
}

/** Connects to the host as soon as the workspace is trusted, so that the first run need not wait for it. */
export function followTrust({ languages, link, log }: TrustParts): vscode.Disposable {
  const connect = () => {
    link.connection().catch((error: unknown) => log.warn(`The host did not start: ${error}`));
  };
  if (vscode.workspace.isTrusted) connect();
  return vscode.workspace.onDidGrantWorkspaceTrust(() => {
    connect();
    languages.start().catch((error: unknown) => log.error(`The language server did not start: ${error}`));
  });
}

/** Keeps the context key `quern.running`, which menus and the palette look at. */
export function followRuns(runner: Runner): vscode.Disposable {
  return runner.onDidChangeState((state) => {
    void vscode.commands.executeCommand('setContext', 'quern.running', state.type === 'running');
  });
}

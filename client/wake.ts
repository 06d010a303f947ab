import * as vscode from 'vscode';
import { CHAIN_ENDING } from '../wasm-core/protocol/chain-file.ts';
import { EMBEDDING_LANGUAGES, mayEmbedSql } from '../wasm-core/protocol/embedded-sql.ts';
import { languageOfName, sourceLanguage } from '../wasm-core/protocol/plugins.ts';
import { readSettings } from './settings.ts';

/** How long typing must pause before a document is looked at, milliseconds. */
const PAUSE_MS = 500;

/**
 * Tells when the window needs Quern. The extension is loaded with the first Markdown, JavaScript, TypeScript or Python
 * document; it starts no process, compiles nothing and shows nothing before SQL, a chain or a plugin's source is open, or the view of data is looked at. A folder of
 * plugins by itself needs nothing: a run waits for those that its statement calls.
 */
export class Wake implements vscode.Disposable {
  #isAwake = false;
  #timer: NodeJS.Timeout | undefined;
  #listeners: vscode.Disposable | undefined;
  #wake = (): void => {};

  /** Resolves once the window needs Quern. */
  readonly needed = new Promise<void>((resolve) => {
    this.#wake = resolve;
  });

  constructor() {
    this.#listeners = vscode.Disposable.from(
      vscode.workspace.onDidOpenTextDocument((document) => this.#look(document)),
      vscode.workspace.onDidChangeConfiguration(() => this.#lookAtAll()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#lookSoon(document)),
    );
    this.#lookAtAll();
  }

  /** The window needs Quern now. Idempotent. */
  rouse(): void {
    this.#isAwake = true;
    this.dispose();
    this.#wake();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#listeners?.dispose();
    this.#listeners = undefined;
  }

  #lookAtAll(): void {
    for (const document of vscode.workspace.textDocuments) this.#look(document);
  }

  #lookSoon(document: vscode.TextDocument): void {
    const { languageId, uri } = document;
    if (!EMBEDDING_LANGUAGES.includes(languageId) && languageOfName(uri.path) === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(document), PAUSE_MS);
  }

  #look(document: vscode.TextDocument): void {
    if (!this.#isAwake && isOurs(document)) this.rouse();
  }
}

function isOurs(document: vscode.TextDocument): boolean {
  const { languageId } = document;
  if (['sql', 'wat', 'wit'].includes(languageId)) return true;
  if (document.uri.scheme !== 'file') return false;
  const isSource = languageOfName(document.uri.path) !== undefined;
  if (isSource && sourceLanguage(document.uri.path, document.getText()) !== undefined) return true;
  if (document.uri.path.endsWith(CHAIN_ENDING)) return true;
  if (PLUGIN_PART.test(document.uri.path)) return true;
  if (!EMBEDDING_LANGUAGES.includes(languageId)) return false;
  const text = document.getText();
  return readSettings().embeddedSql && mayEmbedSql(languageId, text);
}

/** A part of a plugin that is a project of a compiler of the user's, which by itself shows no mark. */
const PLUGIN_PART = /\/plugins\/.*\.(?:c|cc|cpp|cxx|h|hpp|rs|go|zig)$/;

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createOnigScanner, createOnigString, loadWASM } from 'vscode-oniguruma';
import { type IGrammar, INITIAL, parseRawGrammar, Registry } from 'vscode-textmate';
import { projectRoot, readProjectFile } from './project.ts';

/** A piece of a text and the scopes that a grammar gives it, the outermost left out. */
export interface ScopedToken {
  readonly text: string;
  readonly scopes: readonly string[];
}

/** A grammar of ours, by its scope, and its file in `syntaxes`. */
export interface GrammarFile {
  readonly scope: string;
  readonly file: string;
  /** Scopes of the grammars that it is injected into. */
  readonly injectTo?: readonly string[];
}

/**
 * Reads text with grammars as VS Code does, with its own engine.
 *
 * @param files the grammars of ours
 * @param others stand-ins for grammars of VS Code, as JSON by scope
 */
export async function startTextMate(
  files: readonly GrammarFile[],
  others: Readonly<Record<string, object>> = {},
): Promise<{ tokens(scope: string, text: string): Promise<ScopedToken[]> }> {
  const require = createRequire(path.join(projectRoot(), 'package.json'));
  const wasm = readFileSync(require.resolve('vscode-oniguruma/release/onig.wasm'));
  await loadWASM(wasm);
  const registry = new Registry({
    onigLib: Promise.resolve({ createOnigScanner, createOnigString }),
    loadGrammar: async (scope) => {
      const known = files.find((grammar) => grammar.scope === scope);
      const text = known ? readProjectFile(`syntaxes/${known.file}`) : JSON.stringify(others[scope]);
      return text === undefined ? null : parseRawGrammar(text, 'grammar.json');
    },
    getInjections: (scope) =>
      files.filter(({ injectTo }) => injectTo?.includes(scope)).map((grammar) => grammar.scope),
  });
  return {
    tokens: async (scope, text) => {
      const grammar = await registry.loadGrammar(scope);
      if (grammar === null) throw new Error(`no grammar ${scope}`);
      return tokensOf(grammar, text);
    },
  };
}

function tokensOf(grammar: IGrammar, text: string): ScopedToken[] {
  let state = INITIAL;
  return text.split('\n').flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      text: line.slice(startIndex, endIndex),
      scopes: scopes.slice(1),
    }));
  });
}

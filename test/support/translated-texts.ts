import ts from 'typescript';
import type { SourceFile } from './sources.ts';

/** A text for people, where a source has it translated. */
export interface TranslatedText {
  /** `file:line`. */
  readonly place: string;
  /** The English text; undefined when it is none that a tool can read. */
  readonly message: string | undefined;
  /** Whether it is translated when its module is loaded, which may be before the translations are. */
  readonly isEarly: boolean;
}

/** Every text that a source gives to `l10n.t` or `vscode.l10n.t`, in order. */
export function translatedTexts({ name, text }: SourceFile): TranslatedText[] {
  const source = ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true);
  const found: TranslatedText[] = [];
  visit(source);
  return found;

  function visit(node: ts.Node): void {
    if (ts.isCallExpression(node) && /^(vscode\.)?l10n\.t$/.test(node.expression.getText())) {
      const [message] = node.arguments;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({
        place: `${name}:${line + 1}`,
        message: message !== undefined && ts.isStringLiteralLike(message) ? message.text : undefined,
        isEarly: ts.findAncestor(node, isRunLater) === undefined,
      });
    }
    ts.forEachChild(node, visit);
  }
}

/** Whether what stands inside a node runs after its module was loaded. */
function isRunLater(node: ts.Node): boolean {
  if (!ts.isPropertyDeclaration(node)) return ts.isFunctionLike(node);
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword) !== true;
}

/** What stands in a text for values, once each, in order: `{0}`, `{1}`. */
export function placeholders(text: string): string[] {
  return [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();
}

import * as assemblyscript from 'assemblyscript';
import type { AsCompiler, AsFunction, AsModule, AsNode, AsParser, AsSource } from './ast.ts';
import type { UdfFunction } from './definitions.ts';
import { findUdfFunctions } from './find-functions.ts';
import { manifestText } from './manifest.ts';
import { COLUMNS_SOURCE } from './runtime/columns.ts';
import { DOCUMENT_SOURCE } from './runtime/document.ts';
import { VALUES_SOURCE } from './runtime/values.ts';
import { wrapperSource } from './wrappers.ts';

/**
 * Makes a transform of the AssemblyScript compiler that turns `@udf` functions into functions for SQL: it wraps each
 * in the form of the plugin ABI, exports the wrappers, and writes the custom section `quern`. Only entry files are
 * looked at; a file without `@udf` compiles as it would without the transform.
 *
 * @param onFunctions is told the functions of each compilation, once they are known
 * @returns a class for one compilation, to put in `transforms` of `asc.main`
 */
export function createUdfTransform(
  onFunctions?: (functions: readonly UdfFunction[]) => void,
): new () => object {
  return class {
    private functions: readonly UdfFunction[] = [];

    /** Called by the compiler when every source is parsed and nothing is resolved yet. */
    afterParse(parser: AsParser): void {
      for (const source of [...parser.sources]) {
        if (source.sourceKind === as.SourceKind.UserEntry) this.functions = transformSource(parser, source);
        if (this.functions.length > 0) break;
      }
      onFunctions?.(this.functions);
    }

    /** Called by the compiler with the finished module. */
    afterCompile(module: AsModule): void {
      if (this.functions.length === 0) return;
      module.addCustomSection('quern', new TextEncoder().encode(manifestText(this.functions)));
    }
  };
}

/** For `asc --transform`. */
// biome-ignore lint/style/noDefaultExport: the compiler takes a transform from a module's default export
export default createUdfTransform();

const as = assemblyscript as unknown as AsCompiler;

function transformSource(parser: AsParser, source: AsSource): readonly UdfFunction[] {
  const { functions, codecs, declarations } = findUdfFunctions(as, source, (range, message) =>
    parser.error(as.DiagnosticCode.User_defined_0, range, message),
  );
  if (functions.length === 0) return [];
  // The wrapper takes a function's export, and a class is none of WebAssembly's.
  for (const declaration of declarations) declaration.flags &= ~as.CommonFlags.Export;
  // Its declarations are marked as global, so that every file of the plugin sees them.
  const sdk = [COLUMNS_SOURCE, VALUES_SOURCE, DOCUMENT_SOURCE].join('\n');
  parser.parseFile(sdk, '~lib/quern.ts', false);
  appendStatements(
    parser,
    source,
    wrapperSource(functions, codecs, exportedFunctions(source), declaredNames(source)),
  );
  return functions;
}

function declaredNames(source: AsSource): Set<string> {
  const names = source.statements.map((node) => (node as Partial<AsFunction>).name?.text);
  return new Set(names.filter((name) => name !== undefined));
}

function exportedFunctions(source: AsSource): Set<string> {
  const isExportedFunction = (node: AsNode): node is AsFunction =>
    node.kind === as.NodeKind.FunctionDeclaration &&
    ((node as AsFunction).flags & as.CommonFlags.Export) !== 0;
  return new Set(source.statements.filter(isExportedFunction).map((fn) => fn.name.text));
}

/** Parses text and adds its statements to a source, where they see what the source declares. */
function appendStatements(parser: AsParser, source: AsSource, text: string): void {
  // The compiler looks up the file of every identifier by its source's path, so this one bears the path of its host.
  // The padding puts every position and every line in it behind the host's text, so that the two can be told apart.
  const padded = `${source.text.replace(/[^\n]/g, ' ')}\n${text}`;
  const generated = new as.Source(as.SourceKind.User, source.normalizedPath, padded);
  const tokenizer = new as.Tokenizer(generated);
  parser.currentSource = generated;
  while (!tokenizer.skip(as.Token.EndOfFile)) {
    const statement = parser.parseTopLevelStatement(tokenizer, null);
    if (statement !== null) source.statements.push(statement);
  }
  parser.currentSource = null;
}

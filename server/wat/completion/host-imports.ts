import { AVAILABLE_IMPORTS, type AvailableImport } from '../../../wasm-core/binary/available-imports.ts';
import { stringText } from '../syntax/strings.ts';
import type { WatSyntax } from '../syntax/tree.ts';

/** The imports that a module does not have yet. */
export function missingImports({ fields }: Pick<WatSyntax, 'fields'>): AvailableImport[] {
  const present = new Set(
    fields.flatMap((field) =>
      'imported' in field && field.imported !== undefined
        ? [`${stringText(field.imported.module.text)} ${stringText(field.imported.name.text)}`]
        : [],
    ),
  );
  return AVAILABLE_IMPORTS.filter(({ module, name }) => !present.has(`${module} ${name}`));
}

/** What an import is, in a form: `(func $log (param i32 i32))`. */
export function importedForm({ kind, name, parameters, results }: AvailableImport): string {
  if (kind === 'memory') return '(memory 1)';
  const types = [
    ...(parameters.length === 0 ? [] : [`(param ${parameters.join(' ')})`]),
    ...(results.length === 0 ? [] : [`(result ${results.join(' ')})`]),
  ];
  return `(func ${[`$${name}`, ...types].join(' ')})`;
}

/** What an import of these names is, in a form; undefined for one that no host gives. */
export function importedType(module: string, name: string): string | undefined {
  const found = AVAILABLE_IMPORTS.find((available) => available.module === module && available.name === name);
  return found && importedForm(found);
}

/** The inside of the whole field: `import "host" "log" (func …)`. */
export function importText(available: AvailableImport): string {
  return `import "${available.module}" "${available.name}" ${importedForm(available)}`;
}

/** What a run must be granted to call it, in words. */
export function importNote({ capability }: AvailableImport): string {
  return capability === undefined ? 'Every run may call it.' : `Needs the capability ${capability}.`;
}

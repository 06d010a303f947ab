import type { WatToken } from '../syntax/tokens.ts';
import type {
  IndexSpace,
  TypeUse,
  WatField,
  WatForm,
  WatInstruction,
  WatReference,
  WatSpan,
  WatSyntax,
  WatVariable,
} from '../syntax/tree.ts';
import { LabelStack } from './labels.ts';
import type { NameFault, WatNames } from './names.ts';
import {
  type DefinitionParts,
  type NameNotes,
  NO_USES,
  type OpenDefinition,
  type OpenUse,
  Scope,
} from './scope.ts';

/** Tells what every name and number of a module means. Takes time linear in the text, and never fails. */
export function bindWat(syntax: WatSyntax): WatNames {
  const binder = new Binder(syntax.fields);
  binder.bind();
  const faults = binder.faults.sort((a, b) => a.start - b.start);
  // They were found in the order of the binary.
  const uses = binder.uses.sort((a, b) => a.token.start - b.token.start);
  collectUses(uses);
  return { syntax, definitions: binder.definitions, uses, faults };
}

/** Gives each definition its uses, in their order. */
function collectUses(uses: readonly OpenUse[]): void {
  for (const use of uses) {
    const { definition } = use;
    if (definition === undefined) continue;
    if (definition.uses === NO_USES) definition.uses = [use];
    else definition.uses.push(use);
  }
}

type ModuleSpace = Exclude<IndexSpace, 'local' | 'label' | 'field'>;

class Binder implements NameNotes {
  readonly definitions: OpenDefinition[] = [];
  readonly uses: OpenUse[] = [];
  readonly faults: NameFault[] = [];
  private readonly spaces: Readonly<Record<ModuleSpace, Scope>>;
  /** The fields of each struct type. */
  private readonly structs = new Map<WatField, Scope>();

  constructor(private readonly fields: readonly WatField[]) {
    const scope = (space: ModuleSpace): Scope => new Scope(space, this);
    this.spaces = {
      type: scope('type'),
      func: scope('func'),
      table: scope('table'),
      memory: scope('memory'),
      global: scope('global'),
      tag: scope('tag'),
      elem: scope('elem'),
      data: scope('data'),
    };
  }

  bind(): void {
    for (const field of this.fields) this.define(field);
    for (const field of this.fields) this.resolve(field);
  }

  private define(field: WatField): void {
    if (field.kind === 'export' || field.kind === 'start') return;
    this.spaces[field.kind].define(parts(field, field));
    const inner =
      field.kind === 'table' ? this.spaces.elem : field.kind === 'memory' ? this.spaces.data : undefined;
    // What a table or memory holds from the beginning is a segment, too, that has no name.
    if (inner && (field.kind === 'table' || field.kind === 'memory') && field.hasSegment) {
      const place = keywordOf(field.form);
      inner.define({ id: undefined, field, place, span: field.form, variable: undefined });
    }
    if (field.kind === 'type' && field.shape.kind === 'struct') {
      const scope = new Scope('field', this);
      for (const variable of field.shape.fields) scope.define(variableParts(field, variable));
      this.structs.set(field, scope);
    }
    this.countTypes(field);
  }

  /** A type that is written out where it is used is one of the module's, unless it is there already. */
  private countTypes(field: WatField): void {
    const count = (use: TypeUse | undefined): void => {
      if (use !== undefined && use.type === undefined) this.spaces.type.unknownCount++;
    };
    if (field.kind === 'func' || field.kind === 'tag') count(field.typeUse);
    if ('body' in field) for (const { typeUse } of field.body) count(typeUse);
  }

  private resolve(field: WatField): void {
    for (const reference of field.references) this.use(field, reference);
    if (!('body' in field)) return;
    const locals = field.kind === 'func' ? this.localsOf(field) : undefined;
    const labels = new LabelStack(field, this);
    for (const instruction of field.body) this.instruction(field, instruction, { locals, labels });
  }

  private instruction(
    field: WatField,
    instruction: WatInstruction,
    { locals, labels }: { readonly locals: Scope | undefined; readonly labels: LabelStack },
  ): void {
    // What delegates is outside of its block already.
    if (instruction.name === 'delegate') labels.end(instruction);
    for (const reference of instruction.references) {
      const { space, token } = reference;
      const isWrite = WRITES.has(instruction.name) && space !== 'type';
      if (space === 'label')
        this.note(field, reference, { definition: labels.find(token, instruction), isWrite });
      else if (space === 'local') this.note(field, reference, { definition: locals?.find(token), isWrite });
      else this.use(field, reference, isWrite);
    }
    if (instruction.isBlock) labels.begin(instruction);
    else if (instruction.name === 'end') labels.end(instruction);
  }

  /** Parameters and locals of a function: they are numbered together. */
  private localsOf(field: Extract<WatField, { kind: 'func' }>): Scope {
    const scope = new Scope('local', this);
    const { parameters, type } = field.typeUse;
    for (const parameter of parameters) scope.define(variableParts(field, parameter));
    if (parameters.length === 0 && type !== undefined) this.inherit(scope, field, type.token);
    for (const local of field.locals) scope.define(variableParts(field, local));
    return scope;
  }

  /** Parameters of a function that names its type alone have no names. */
  private inherit(scope: Scope, field: WatField, token: WatToken): void {
    const type = this.spaces.type.peek(token)?.field;
    if (type?.kind !== 'type' || type.shape.kind !== 'func') {
      // Nothing is known of the parameters, so that any number may be a local's.
      scope.unknownCount = Number.POSITIVE_INFINITY;
      scope.isShifted = true;
      return;
    }
    for (const { type: span, form } of type.shape.typeUse.parameters) {
      scope.define(variableParts(field, { type: span, form }));
    }
  }

  private use(field: WatField, reference: WatReference, isWrite = false): void {
    const { space, token, owner } = reference;
    if (space === 'local' || space === 'label') return;
    if (space !== 'field') {
      this.note(field, reference, { definition: this.spaces[space].find(token), isWrite });
      return;
    }
    const type = owner && this.spaces.type.peek(owner)?.field;
    this.note(field, reference, { definition: type && this.structs.get(type)?.find(token), isWrite });
  }

  private note(
    field: WatField,
    { space, token }: WatReference,
    { definition, isWrite }: { readonly definition: OpenDefinition | undefined; readonly isWrite: boolean },
  ): void {
    this.uses.push({ space, token, definition, field, isWrite });
  }
}

/** Instructions that set what they name. */
const WRITES = new Set(['local.set', 'local.tee', 'global.set', 'table.set', 'struct.set']);

function parts(
  field: WatField,
  { form, id }: { readonly form: WatForm; readonly id?: WatToken },
): DefinitionParts {
  return { id, place: id ?? keywordOf(form), span: form, field, variable: undefined };
}

function variableParts(field: WatField, variable: WatVariable): DefinitionParts {
  const { id, type, form } = variable;
  // `(local i32 i64)` has a type for each; one with a name has its form to itself.
  return { id, place: id ?? type, span: id === undefined ? type : form, field, variable };
}

function keywordOf(form: WatForm): WatSpan {
  const [word] = form.items;
  return word !== undefined && word.kind === 'keyword' ? word : form.open;
}

import { sourceLines } from '../../wasm-core/binary/source-lines/source-lines.ts';
import type { PluginSubject } from '../plugins/checks/check.ts';
import { readForms } from '../wat/syntax/forms.ts';
import { tokenizeWat } from '../wat/syntax/tokens.ts';
import type { WatForm, WatItem } from '../wat/syntax/tree.ts';
import type { OwnLanguage, PluginSource, SourceRange } from './compile-types.ts';
import { findDeclaration, modulePlace } from './places.ts';
import { LineMap } from './text-positions.ts';

type TextSource = Extract<PluginSource, { readonly language: OwnLanguage }>;

/** Where the parts of a module stand in its source. */
export class SubjectPlaces {
  private forms: readonly WatForm[] | undefined;
  private lines: LineMap | undefined;

  /**
   * @param places of functions, by their names in SQL
   * @param wasm what the source became
   */
  constructor(
    private readonly source: TextSource,
    private readonly places: ReadonlyMap<string, SourceRange>,
    private readonly wasm: Uint8Array,
  ) {}

  /** The place of a part; that of the module for what cannot be found. */
  of(about: PluginSubject | undefined): SourceRange {
    const { language, text } = this.source;
    return (about && this.find(about)) ?? modulePlace(language, text);
  }

  /** Where an import is named, such as `env.print`. */
  import(name: string): SourceRange | undefined {
    const form = this.all('import').find(({ items: [, module, field] }) => {
      const words = [module, field].map((item) =>
        item && !isForm(item) ? this.source.text.slice(item.start + 1, item.end - 1) : '',
      );
      return words.join('.') === name;
    });
    return form ? this.range(form) : this.callOf(name.slice(name.indexOf('.') + 1));
  }

  /** Where a function is declared, by its name in SQL or that of its export. */
  functionPlace(name: string): SourceRange | undefined {
    const { language, text } = this.source;
    return this.places.get(name) ?? findDeclaration(language, text, [name]);
  }

  /** Where a feature that Quern does not read is used, by the words of the reader of modules. */
  feature(name: string): SourceRange | undefined {
    if (/memory/.test(name)) {
      const memories = this.all('memory').filter(({ items }) => !items.every((item) => isForm(item)));
      const form = /more than one/.test(name) ? memories[1] : memories[0];
      return form && this.range(form);
    }
    if (/\btable\b/.test(name)) return this.first('table');
    const word = FEATURE_WORDS.find(([feature]) => feature.test(name))?.[1].exec(this.source.text);
    return word ? this.map().range(word.index, word.index + word[0].length) : undefined;
  }

  private find(about: PluginSubject): SourceRange | undefined {
    switch (about.type) {
      case 'function':
        return this.functionPlace(about.name);
      case 'import':
        return this.import(`${about.module}.${about.name}`);
      case 'memory':
        return this.first('memory');
      case 'start':
        return this.first('start');
      case 'instruction':
        return this.line(about.offset) ?? this.functionPlace(about.function);
    }
  }

  /** Where a language that declares imports in its own words names one. */
  private callOf(name: string): SourceRange | undefined {
    const escaped = name.replace(/[.$]/g, '\\$&');
    const span = new RegExp(`(?:@external\\([^)]*["'](${escaped})["']|\\b(${escaped})\\s*\\()`, 'd').exec(
      this.source.text,
    )?.indices;
    const found = span?.[1] ?? span?.[2];
    return found && this.map().range(found[0], found[1]);
  }

  /** The text of a line from where an instruction comes from on. */
  private line(offset: number): SourceRange | undefined {
    const [found] = sourceLines(this.wasm, [offset]) ?? [];
    const place = found?.own ?? found?.place;
    if (place === undefined || !this.source.path.replaceAll('\\', '/').endsWith(place.file)) return undefined;
    const start = this.map().lineStart(place.line - 1) + place.column - 1;
    const rest = /[^\r\n]*/.exec(this.source.text.slice(start))?.[0] ?? '';
    return this.map().range(start, start + rest.trimEnd().length);
  }

  private first(head: string): SourceRange | undefined {
    const [form] = this.all(head);
    return form && this.range(form);
  }

  /** Forms of the module that begin with a word, those inside of others too. */
  private all(head: string): WatForm[] {
    if (this.source.language !== 'wat') return [];
    this.forms ??= readForms(tokenizeWat(this.source.text)).items.filter(isForm);
    const fields = this.forms.flatMap((form) =>
      form.head === 'module' ? form.items.filter(isForm) : [form],
    );
    return fields.flatMap((field) => [field, ...field.items.filter(isForm)].filter((f) => f.head === head));
  }

  private range({ start, end }: WatForm): SourceRange {
    return this.map().range(start, end);
  }

  private map(): LineMap {
    this.lines ??= new LineMap(this.source.text);
    return this.lines;
  }
}

/** A word of WebAssembly text for features that the reader names. */
const FEATURE_WORDS: readonly (readonly [RegExp, RegExp])[] = [
  [/threads/, /\b(?:memory|i32|i64)\.atomic\.[\w.]+|\batomic\.fence|\bshared\b/],
  [
    /garbage|typed/,
    /\b(?:struct|array|ref|i31|any|extern|br_on)[._][\w.]+|\(\s*(?:rec|struct|array|ref)\b|\bcall_ref\b/,
  ],
  [/128-bit/, /\bi64\.(?:add|sub|mul)[\w]*128\w*|\bi64\.mul_wide_\w+/],
  [/stack switching/, /\b(?:cont\.new|cont\.bind|suspend|resume\w*|switch)\b/],
];

function isForm(item: WatItem): item is WatForm {
  return item.kind === 'form';
}

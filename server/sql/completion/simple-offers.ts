import { CompletionItemKind } from 'vscode-languageserver';
import { quoted } from '../tokens.ts';
import type { CompletionScope } from './completion-scope.ts';
import { wordAt } from './cursor.ts';
import { DATE_PARTS } from './date-parts.ts';
import { type Offer, RANK } from './offers.ts';

const COMMON_TYPES =
  'varchar integer bigint double boolean date timestamp decimal time interval timestamptz smallint float uuid json blob hugeint'.split(
    ' ',
  );

/** Types, those of the user and the common ones first. */
export function typeOffers({ catalog, definitions, reserved }: CompletionScope): Offer[] {
  const own = definitions.filter(({ kind }) => kind === 'TYPE').map(({ name }) => ({ name, isUser: true }));
  const nested = ['struct', 'map'].map(
    (name, order): Offer => ({
      label: `${name}(…)`,
      kind: CompletionItemKind.TypeParameter,
      rank: RANK.function,
      order,
      insert: `${name}(`,
      snippet: name === 'map' ? 'map($1, $2)' : 'struct($1)',
      filter: name,
    }),
  );
  const types = [...own, ...catalog.types].map(({ name, isUser }): Offer => {
    const common = COMMON_TYPES.indexOf(name.toLowerCase());
    const rank = isUser ? RANK.fitting : common >= 0 ? RANK.column : RANK.function;
    return {
      label: name,
      kind: CompletionItemKind.TypeParameter,
      rank,
      insert: isUser ? quoted(name, reserved) : name,
      ...(common >= 0 && { order: common }),
    };
  });
  return [...types, ...nested];
}

/** Settings with their values; behind PRAGMA what can be called there, too. */
export function settingOffers(
  { catalog, cursor }: CompletionScope,
  verb: 'SET' | 'RESET' | 'PRAGMA',
): Offer[] {
  const settings = catalog.settings.map(({ name, value, type, doc }) => ({
    label: name,
    kind: CompletionItemKind.Property,
    rank: RANK.column,
    detail: `${value === '' ? "''" : value} (${type})`,
    doc,
  }));
  const pragmas = catalog.functions
    .filter(({ kind }) => verb === 'PRAGMA' && kind === 'pragma')
    .map(({ name, signatures }) => ({
      label: name,
      kind: CompletionItemKind.Function,
      rank: RANK.relation,
      ...(signatures[0] !== undefined && { detail: signatures[0] }),
    }));
  const scopes =
    verb === 'PRAGMA' || cursor.before.length > 1
      ? []
      : ['global', 'session', ...(verb === 'SET' ? ['variable'] : [])];
  const words = scopes.map((label) => ({ label, kind: CompletionItemKind.Keyword, rank: RANK.keyword }));
  return [...settings, ...pragmas, ...words];
}

/** What a setting may be set to, as far as its type tells, with its value now. */
export function settingValueOffers({ catalog }: CompletionScope, name: string): Offer[] {
  const setting = catalog.settings.find((known) => known.name.toLowerCase() === name.toLowerCase());
  if (setting === undefined) return [];
  const kind = CompletionItemKind.Value;
  if (setting.type === 'BOOLEAN') {
    return ['true', 'false'].map((label) => ({
      label,
      kind,
      rank: RANK.column,
      ...(label === setting.value && { detail: 'as it is now' }),
    }));
  }
  const isNumber = /INT|DOUBLE|FLOAT/.test(setting.type);
  const label = isNumber ? setting.value : `'${setting.value.replaceAll("'", "''")}'`;
  return setting.value === '' ? [] : [{ label, kind, rank: RANK.column, detail: 'as it is now' }];
}

/** The parameters that are used anywhere in the document. */
export function parameterOffers({ documentText, cursor }: CompletionScope): Offer[] {
  const typed = cursor.typed?.text ?? '';
  const names = documentText.matchAll(/\$[\p{L}_][\p{L}\p{N}_]*(?![\p{L}\p{N}_$])/gu);
  const others = [...names].map(([name]) => name);
  // The one that is being typed is found, too, and counts only when it is there once more.
  const counted = others.filter(
    (name) => name !== typed || others.indexOf(name) !== others.lastIndexOf(name),
  );
  return [...new Set(counted)].map((label) => ({
    label,
    kind: CompletionItemKind.Variable,
    rank: RANK.column,
  }));
}

/** The names of the windows that the query defines. */
export function namedWindowOffers({ cursor, reserved }: CompletionScope): Offer[] {
  const { tokens } = cursor.statement;
  return tokens.flatMap((token, at): Offer[] => {
    const isWindow = /^window$/i.test(tokens[at - 1]?.text ?? '') && /^as$/i.test(tokens[at + 1]?.text ?? '');
    if (!isWindow || wordAt(cursor, cursor.before.length - 1) !== 'OVER') return [];
    return [
      {
        label: token.text,
        kind: CompletionItemKind.Variable,
        rank: RANK.column,
        insert: quoted(token.text, reserved),
      },
    ];
  });
}

/** Inside a string that is no path: parts of dates, and the names of settings. */
export function stringValueOffers({ catalog, cursor }: CompletionScope, called: string | undefined): Offer[] {
  const isFirst = cursor.before.at(-1)?.text === '(';
  if (called === undefined || !isFirst) return [];
  const kind = CompletionItemKind.Value;
  if (/^(date_?(trunc|part|diff|sub)|datetrunc)$/.test(called)) {
    return DATE_PARTS.map((label, order) => ({ label, kind, rank: RANK.column, order }));
  }
  if (called !== 'current_setting') return [];
  return catalog.settings.map(({ name, value }) => ({ label: name, kind, rank: RANK.column, detail: value }));
}

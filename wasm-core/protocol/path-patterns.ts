/**
 * Whether a path, or a folder that it lies in, is what one of some patterns names: `*` is any characters of a name, `?`
 * one of them, `**` any folders, `{a,b}` one or the other.
 *
 * @param path from the folder of the patterns, with `/`
 */
export function matchesPatterns(path: string, patterns: readonly string[]): boolean {
  const parts = path.split('/');
  const names = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return patterns.some((pattern) => {
    const expression = patternExpression(pattern);
    return names.some((name) => expression.test(name));
  });
}

/** Whether a pattern is the name of one file or folder. */
export function isPlainPath(pattern: string): boolean {
  return !/[*?{]/.test(pattern);
}

function patternExpression(pattern: string): RegExp {
  const plain = pattern
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+$/, '');
  // Several in a row mean no more than one, and would take long to try.
  const short = plain.replace(/(?:\*\*\/)+/g, '**/').replace(/\*{3,}/g, '**');
  const source = short.replace(/\*\*\/|\*+|\?|\{[^{}]*\}|[^*?{]+|\{/g, (part) => {
    if (part === '**/') return '(?:[^/]+/)*';
    if (part === '**') return '.*';
    if (part.startsWith('*')) return '[^/]*';
    if (part === '?') return '[^/]';
    if (part.startsWith('{') && part.endsWith('}')) {
      return `(?:${part.slice(1, -1).split(',').map(escapeText).join('|')})`;
    }
    return escapeText(part);
  });
  return new RegExp(`^${source}$`);
}

function escapeText(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

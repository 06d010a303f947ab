// What the documents say of each code that a diagnostic may have, for the rules of `quern check --sarif`: the sections of
// docs/errors.md, and the pages of docs/diagnostics, whose path is the code.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @param {string} root absolute folder of the project
 * @returns {{ id: string, summary: string, help: string }[]} in the order of the documents
 */
export function checkRules(root) {
  return [...errorRules(root), ...pageRules(root)];
}

function errorRules(root) {
  const text = readFileSync(path.join(root, 'docs/errors.md'), 'utf8');
  return text
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [heading = '', ...rest] = section.split(/^## /m)[0].split('\n');
      const help = rest.join('\n').trim();
      return { id: heading.replace(/ \(.*/, ''), summary: firstLine(help), help };
    });
}

function pageRules(root) {
  const folder = path.join(root, 'docs/diagnostics');
  if (!existsSync(folder)) return [];
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.split(path.sep).join('/'))
    .filter((name) => name.endsWith('.md') && name !== 'README.md');
  return pages.sort().map((name) => {
    const help = readFileSync(path.join(folder, name), 'utf8').trim();
    return { id: name.replace(/\.md$/, ''), summary: firstLine(help.replace(/^#.*$/m, '').trim()), help };
  });
}

/** Documents have one sentence a line. */
function firstLine(text) {
  return text.split('\n')[0];
}

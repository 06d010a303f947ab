import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pageDocument } from '../../../client/results/page-document.ts';
import { distFolder } from '../dist.ts';
import { readProjectFile } from '../project.ts';

/** Serves a page to a browser on this machine, under the policy that it has in the editor. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The endings of a page's files. */
const TYPES: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' };

/**
 * Starts a server on a free loopback port.
 *
 * @param bundle the page's name in the folder of the built pages; its address takes `?language=de`, or `BRACKETED`
 */
export async function startPageServer(bundle = 'results'): Promise<PageServer> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const language = searchParams.get('language') ?? 'en';
    const isOfPage = pathname.startsWith(`/${bundle}.`) || pathname === '/chart.js';
    const type = isOfPage ? TYPES[path.extname(pathname).slice(1)] : undefined;
    if (pathname === '/')
      response.setHeader('content-type', 'text/html').end(html(origin(), bundle, language));
    else if (type !== undefined) {
      const body = readFileSync(path.join(distFolder(), 'webview', pathname.slice(1)));
      response.setHeader('content-type', type).end(body);
    } else response.writeHead(404).end();
  });
  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${origin()}/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** The extension's own document. */
function html(origin: string, bundle: string, language: string): string {
  return pageDocument({
    script: `${origin}/${bundle}.js`,
    style: `${origin}/${bundle}.css`,
    styleSource: origin,
    nonce: randomUUID().replaceAll('-', ''),
    title: bundle,
    texts: { language, bundle: language === 'en' ? undefined : translations(language) },
  });
}

/** A language that has every text between brackets, so that one sees what is not translated. */
export const BRACKETED = 'qps-ploc';

function translations(language: string): object {
  const file = `l10n/bundle.l10n.${language === BRACKETED ? 'de' : language}.json`;
  const bundle = JSON.parse(readProjectFile(file)) as Record<string, string>;
  if (language !== BRACKETED) return bundle;
  return Object.fromEntries(Object.keys(bundle).map((text) => [text, `⟦${text}⟧`]));
}

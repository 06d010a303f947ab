import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { distFolder } from '../dist.ts';
import { readProjectFile } from '../project.ts';

/** Serves the results page to a browser on this machine, under the policy that it has in the editor. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

const FILES: Readonly<Record<string, string>> = {
  '/results.js': 'text/javascript',
  '/results.css': 'text/css',
};

/** Starts a server on a free loopback port. */
export async function startPageServer(): Promise<PageServer> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const type = FILES[pathname];
    if (pathname === '/') response.setHeader('content-type', 'text/html').end(html(origin()));
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

/**
 * The extension's own document. Its source is read for it, since a module that imports `vscode` only loads in the editor.
 */
function html(origin: string): string {
  const source = readProjectFile('client/results/page-html.ts');
  const template = (pattern: RegExp): string => {
    const found = pattern.exec(source)?.[1];
    if (found === undefined)
      throw new Error(`client/results/page-html.ts has no ${pattern.source} any more.`);
    return found;
  };
  const values: Record<string, string> = {
    'webview.cspSource': origin,
    nonce: randomUUID().replaceAll('-', ''),
    script: `${origin}/results.js`,
    style: `${origin}/results.css`,
  };
  const fill = (text: string): string =>
    text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined)
        throw new Error(`The results page wants \${${name}}, which this test does not know.`);
      return value;
    });
  values.policy = fill(template(/const policy = `([^`]+)`/));
  return fill(template(/return `([^`]+)`/));
}

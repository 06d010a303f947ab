import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isRemoteAllowed, readRemoteEntry, remoteOrigin } from '../../../wasm-core/protocol/remote-allow.ts';
import { readRemoteAddress } from '../../../wasm-core/sql/remote/remote-address.ts';

/** Whether an allow-list of one entry lets an address be read. */
function allows(entry: string, address: string): boolean {
  const place = readRemoteEntry(entry);
  assert.ok(place !== undefined, entry);
  try {
    return isRemoteAllowed(readRemoteAddress(address).place, [place]);
  } catch {
    return false;
  }
}

describe('an entry of the allow-list', () => {
  it('allows the files of its origin', () => {
    for (const [entry, address] of [
      ['https://example.org', 'https://example.org/x.csv'],
      ['https://example.org/', 'HTTPS://EXAMPLE.org:443/a/b.csv?x=../y#z'],
      ['https://example.org:443', 'https://example.org/x.csv'],
      ['http://localhost:8080', 'http://localhost:8080/x.csv'],
      ['https://[::1]', 'https://[::1]/x.csv'],
      ['https://example.org/data', 'https://example.org/data'],
      ['https://example.org/data', 'https://example.org/data/x.csv'],
      ['https://example.org/data/', 'https://example.org/data/a/../x.csv'],
      ['https://xn--mnchen-3ya.de', 'https://münchen.de/x.csv'],
      ['s3://bucket', 's3://bucket/a b/ü%?.csv'],
      ['s3://bucket/a', 's3://bucket/a/x.csv'],
    ] as const) {
      assert.ok(allows(entry, address), `${entry} allows ${address}`);
    }
  });

  it('allows no others', () => {
    for (const [entry, address] of [
      ['https://example.org', 'http://example.org/x.csv'],
      ['https://example.org', 'https://example.org:8443/x.csv'],
      ['https://example.org', 'https://example.org.evil.org/x.csv'],
      ['https://example.org', 'https://evil.org/https://example.org/x.csv'],
      ['https://example.org', 'https://sub.example.org/x.csv'],
      ['https://example.org', 'https://example.org@evil.org/x.csv'],
      ['https://example.org', 'https://evil.org\\@example.org/x.csv'],
      ['https://example.org', 'https://evil.org#@example.org/x.csv'],
      ['https://example.org/data', 'https://example.org/database.csv'],
      ['https://example.org/data', 'https://example.org/data/../x.csv'],
      ['https://example.org/data', 'https://example.org/data/%2E%2e/x.csv'],
      ['https://example.org/data', 'https://example.org/data/..%2fx.csv'],
      ['https://example.org/data', 'https://example.org/data/..%5cx.csv'],
      ['https://example.org/data', 'https://example.org/data/..\\..\\x.csv'],
      ['s3://bucket', 's3://other/x.csv'],
      ['s3://bucket/a', 's3://bucket/a/../x.csv'],
      ['s3://bucket/a', 's3://bucket/ab.csv'],
      ['https://bucket', 's3://bucket/x.csv'],
    ] as const) {
      assert.ok(!allows(entry, address), `${entry} does not allow ${address}`);
    }
  });

  it('is none without a scheme, with a wildcard, a query, a password or a path that goes up', () => {
    for (const text of [
      '',
      'example.org',
      '*',
      'https://',
      'https://*.example.org',
      'ftp://example.org',
      'file:///etc',
      'https://me@example.org',
      'https://example.org:99999',
      'https://example.org/a?b',
      'https://example.org/a/..',
      'https://example.org/./a',
      'https://example.org/%2e%2e/a',
      'https://example.org\\a',
      's3://',
      's3://bucket:1',
    ]) {
      assert.equal(readRemoteEntry(text), undefined, text);
    }
  });

  it('never allows what a browser takes for another origin, or for a path outside', () => {
    const part = fc.constantFrom(
      ...[
        'https://',
        'http://',
        'example.org',
        'evil.org',
        '/',
        '\\',
        '@',
        ':',
        '443',
        '80',
        '#',
        '?',
        'data',
      ],
      ...['..', '.', '%2e', '%2f', '%5C', '[', ']', ' ', '\t', 'x.csv', '%00', 'ü'],
    );
    const entry = 'https://example.org/data';
    let allowed = 0;
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
        const address = `https://example.org/${parts.join('')}`;
        const other = parts.join('');
        for (const written of [address, other]) {
          if (!allows(entry, written)) continue;
          allowed++;
          const url = new URL(written);
          assert.equal(url.origin, 'https://example.org', written);
          assert.equal(url.username + url.password, '', written);
          assert.match(
            decodeURIComponent(url.pathname.replace(/%(?![0-9a-f]{2})/gi, '%25')),
            /^\/data(\/|$)/,
            written,
          );
        }
      }),
      { numRuns: 5000 },
    );
    assert.ok(allowed > 0);
  });

  it('reads its own origin again', () => {
    const host = fc.stringMatching(/^[a-z0-9-]{1,8}(\.[a-z0-9-]{1,8}){0,2}$/);
    fc.assert(
      fc.property(fc.constantFrom('https', 'http'), host, fc.nat(65_535), (scheme, name, port) => {
        const place = readRemoteEntry(`${scheme}://${name}:${port}`);
        assert.ok(place !== undefined);
        assert.deepEqual(readRemoteEntry(remoteOrigin(place)), { ...place, path: '/' });
      }),
    );
  });
});
